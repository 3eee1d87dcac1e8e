using System.Collections;
using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>A point before each call on a container. What lies within the call, callbacks and comparers, is part of it.</summary>
internal sealed class OwnMapGate : OperationGate
{
    private static readonly ConcurrentDictionary<(string Verb, AccessKind Kind), int> s_sites = new();

    private readonly object _container;

    private OwnMapGate(object container) => _container = container;

    public static OwnMapGate For(object container) => new(container);

    /// <inheritdoc/>
    public override T Pass<T>(string verb, AccessKind kind, object? key, Func<T> perform)
    {
        At(_container, verb, kind, key);
        T answer;
        using (RacePoint.Quiet()) answer = perform();
        if (kind == AccessKind.Read || answer is not null) Saw(answer); // What was written is shown as well.
        return answer;
    }

    /// <summary>A point before a call.</summary>
    public static void At(object container, string verb, AccessKind kind, object? key)
    {
        if (OwnActor.Current is not { Quiet: > 0 }) RacePoint.At(s_sites.GetOrAdd((verb, kind), static v => RacePoint.Site(new SiteText(v.Verb, Kind: v.Kind))), container, key, kind);
    }

    /// <summary>What a call answered, where that is a value.</summary>
    public static void Saw(object? answer)
    {
        if (answer is not (IEnumerator or IMapIterator or IMapIteration)) RacePoint.Saw(answer);
    }
}
