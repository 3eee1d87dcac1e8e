using System.Globalization;

namespace GuardedMaps.Lab;

// Two actors run '$m['n']++' on one key of a real map: get, add, set. A step is a whole operation of the map, so what is
// explored is the order of operations and nothing inside them; any container can be put in, guarded or not, and none
// can be damaged. Of the 6 orders of two gets and two sets, 4 lose an increment, on every map there is:
//
//     A1B2A1   get A, get B, set B, set A       lost, and 3 more like it
//     A2B2     get A, set A, get B, set B       right, and B2A2
//
// Each operation by itself is right and the history is linearizable: no check of single operations can find this one.

/// <summary>The lost update, in whole operations on any target of the catalogue.</summary>
internal sealed class LostUpdateModel(RaceTargetInfo target)
    : RaceModel<LostUpdateModel.State>(
        "LostUpdate", target.Name, version: 1, Catalogue, [new Counter("counter A"), new Counter("counter B")], lengths: [2, 2])
{
    private const string Key = "n";
    private const long KeyLocation = 0;

    private static readonly YieldPointCatalogue Catalogue = new(
        new("operation.get", "key", AccessKind.Read),
        new("operation.set", "key", AccessKind.Write));

    private static readonly Footprint Get = Catalogue.At("operation.get", KeyLocation);
    private static readonly Footprint Set = Catalogue.At("operation.set", KeyLocation);

    internal override State Setup()
    {
        var map = target.Create();
        map.Store(Key, 0);
        return new State(map);
    }

    internal override string NameOf(Footprint footprint) => $"key '{Key}'";

    internal override string? ValueAt(State state, Footprint footprint) =>
        state.Map.TryGet(Key, out long value) ? value.ToString(CultureInfo.InvariantCulture) : null;

    internal override ScheduleOutcome Judge(State state)
    {
        if (!state.Map.TryGet(Key, out long value)) return new(ScheduleOutcomeKind.LostEntry, "the key is gone");
        return value == Programs.Count
            ? new(ScheduleOutcomeKind.Clean, "both increments are there")
            : new(ScheduleOutcomeKind.StaleValue, string.Create(CultureInfo.InvariantCulture, $"{Programs.Count} increments were acknowledged and the value is {value}"));
    }

    /// <summary>The map.</summary>
    internal sealed record State(IRaceTarget Map);

    private sealed class Counter(string name) : IActorProgram<State>
    {
        public string Name { get; } = name;

        public IEnumerator<Footprint> Run(State state)
        {
            yield return Get;
            state.Map.TryGet(Key, out long value);
            yield return Set;
            state.Map.Store(Key, value + 1);
        }
    }
}
