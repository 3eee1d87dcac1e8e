using FsCheck;
using FsCheck.Fluent;

namespace GuardedMaps.Tests.Maps.Model;

/// <summary>What a step of a program does.</summary>
public enum KindVerb
{
    Set,
    Add,
    Remove,
    RemovePair,
    Get,
    Update,
    Increment,
    GetOrAdd,
    Clear,
    TakeSnapshot,
    BeginIteration,
    StepIteration,
    SetThroughCursor,
    RemoveThroughCursor,
}

/// <summary>One step: a verb, a key by its number, and a number to make a value of.</summary>
public sealed record KindStep(KindVerb Verb, int Key, int Number)
{
    public override string ToString() => $"{Verb}({Key}, {Number})";
}

/// <summary>Random programs, and smaller ones than a given one.</summary>
public static class KindProgram
{
    // How often each comes. Clear is rare, so that something is there to be cleared.
    private static readonly (KindVerb Verb, int Weight)[] s_weights =
    [
        (KindVerb.Set, 30), (KindVerb.Add, 10), (KindVerb.Remove, 20), (KindVerb.RemovePair, 5), (KindVerb.Get, 5), (KindVerb.Update, 8), (KindVerb.Increment, 8),
        (KindVerb.GetOrAdd, 5), (KindVerb.Clear, 1), (KindVerb.TakeSnapshot, 6), (KindVerb.BeginIteration, 4), (KindVerb.StepIteration, 30), (KindVerb.SetThroughCursor, 6),
        (KindVerb.RemoveThroughCursor, 6),
    ];

    public static Gen<KindStep[]> Programs =>
        from keys in Gen.Elements(4, 40, 300)
        from length in Gen.Choose(1, 400)
        from steps in Gen.ArrayOf(Steps(keys), length)
        select steps;

    /// <summary>Without one part of the steps, halves first, down to single ones (delta debugging: Zeller and Hildebrandt, 2002).</summary>
    public static IEnumerable<KindStep[]> Smaller(KindStep[] program)
    {
        ArgumentNullException.ThrowIfNull(program);
        for (int part = program.Length; part > 0; part /= 2)
        {
            for (int start = program.Length - part; start > -part; start -= part)
            {
                int from = Math.Max(0, start);
                yield return [.. program.Take(from), .. program.Skip(Math.Max(from, start + part))];
            }
        }
    }

    private static Gen<KindStep> Steps(int keys) =>
        from verb in Gen.Frequency(s_weights.Select(w => (w.Weight, Gen.Constant(w.Verb))))
        from key in Gen.Choose(0, keys - 1)
        from number in Gen.Choose(0, 9)
        select new KindStep(verb, key, number);
}
