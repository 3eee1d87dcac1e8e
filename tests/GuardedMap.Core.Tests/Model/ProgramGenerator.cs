using FsCheck;
using FsCheck.Fluent;

namespace GuardedMaps.Tests.Model;

/// <summary>
/// Random programs.
/// </summary>
/// <remarks>
/// Steps drawn evenly from everything there is make programs that are all alike: a few keys, every second write refused, never a growth.
/// So each program first draws a <em>temper</em>: how many keys it uses, which contracts, how often it iterates, whether it mostly adds
/// or mostly removes, which operations it leaves out. And it is put together not of steps alone but also of whole loops, as people write
/// them: begin, go on and write by turns, go to the end; single steps would seldom come to an end. (This is swarm testing: Groce, Zhang, Eide, Chen and Regehr, "Swarm testing",
/// ISSTA 2012: leaving features out at random finds more than always having all.)
/// </remarks>
internal static class ProgramGenerator
{
    private static readonly KeyKind[] s_kinds = Enum.GetValues<KeyKind>();

    private static readonly IterationContract[] s_contracts = [.. ContractRule.Guarded];

    private static readonly IterationContract[] s_unleased = [IterationContract.FailFast, IterationContract.Tolerate, IterationContract.Snapshot];

    /// <summary>Programs over one kind of keys, or over all.</summary>
    public static Gen<ModelProgram> Programs(KeyKind? kind) =>
        from setup in Setups(kind)
        from temper in Tempers(setup.Keys)
        from length in Gen.Frequency((6, Gen.Choose(2, 30)), (3, Gen.Choose(30, 100)), (1, Gen.Choose(100, 300)))
        from parts in Gen.ArrayOf(Parts(temper), length)
        select new ModelProgram(setup, parts.SelectMany(static part => part));

    private static Gen<ModelSetup> Setups(KeyKind? kind) =>
        from keys in kind is { } one ? Gen.Constant(one) : Gen.Elements(s_kinds)
        from seed in Gen.Choose(0, int.MaxValue)
        from isSeedFree in OneIn(8)
        from capacity in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 120)))
        from contract in Gen.Elements(s_contracts)
        from unleased in Gen.Elements(s_unleased)
        from protection in Gen.Frequency(
            (16, Gen.Constant(MapProtection.Guarded)),
            (3, Gen.Constant(MapProtection.Synchronized)),
            (1, Gen.Constant(MapProtection.None)))
        from trace in OneIn(10)
        from shared in OneIn(2)
        select new ModelSetup
        {
            Keys = keys,
            HashSeed = isSeedFree ? null : (ulong)seed,
            Capacity = capacity,
            Contract = contract,
            UnleasedContract = unleased,
            Protection = protection,
            Trace = trace,
            Shared = shared,
        };

    private static Gen<Temper> Tempers(KeyKind kind) =>
        from range in Gen.Elements(6, 16, 40, 100, 300, 1200)
        from contracts in Gen.Frequency(
            (1, Gen.Constant(s_contracts)),
            (1, Gen.SubListOf(s_contracts).Select(static list => list.ToArray())),
            (3, Gen.Elements(s_contracts).Select(static contract => new[] { contract })),
            (2, Gen.Constant<IterationContract[]>([IterationContract.Tolerate])))
        from adding in Gen.Choose(0, 6)
        from removing in Gen.Choose(0, 6)
        from iterating in Gen.Elements(0, 2, 4, 8)
        from bursting in Gen.Elements(0, 1, 2, 6)
        from resizing in Gen.Choose(0, 1)
        from clearing in Gen.Choose(0, 2)
        from others in Gen.Elements(0, 0, 0, 4, 20)
        select new Temper(Math.Min(range, ModelKeys.WidestRange(kind)), contracts)
        {
            Adding = adding,
            Removing = removing,
            Iterating = iterating,
            Bursting = bursting,
            Resizing = resizing,
            Clearing = clearing,
            OthersPercent = others,
        };

    /// <summary>A step, a loop, or a burst. Bursts are long, so they are few: one is as many operations as thirty steps.</summary>
    private static Gen<IReadOnlyList<Step>> Parts(Temper temper)
    {
        Gen<Step> step = Steps(temper);
        (int Weight, Gen<IReadOnlyList<Step>> Part)[] parts =
        [
            (60, Alone(step)),
            (temper.Bursting, Trimmed(Alone(Bursts(temper)))),
            (2 * temper.Iterating, Trimmed(Loops(temper, step))),
        ];
        return Gen.Frequency(parts.Where(static part => part.Weight > 0));
    }

    private static Gen<IReadOnlyList<Step>> Alone(Gen<Step> step) => step.Select(static one => (IReadOnlyList<Step>)[one]);

    /// <summary>A table keeps its size when it has become too large, and then never grows again: now and then it is cut to measure first.</summary>
    private static Gen<IReadOnlyList<Step>> Trimmed(Gen<IReadOnlyList<Step>> part) =>
        from steps in part
        from isTrimmed in OneIn(3)
        select isTrimmed ? [new Step(StepKind.TrimExcess), .. steps] : steps;

    private static Gen<Step> Bursts(Temper temper)
    {
        Gen<int> key = Gen.Choose(0, temper.Keys - 1);
        Gen<int> count = Gen.Choose(1, Math.Min(60, temper.Keys));
        return Gen.Frequency(
            (2, Keyed(StepKind.Fill, key, count)),
            (1, Keyed(StepKind.Drain, key, count)),
            (3, Keyed(StepKind.Churn, Gen.Choose(10, 250), Gen.Choose(1, 2))));
    }

    private static Gen<IReadOnlyList<Step>> Loops(Temper temper, Gen<Step> anything)
    {
        Gen<int> key = Gen.Choose(0, temper.Keys - 1);
        // Emptied and filled again with the same keys: places that look the same and are not.
        Gen<IReadOnlyList<Step>> refills = Gen.Choose(9, 30)
            .Select(static count => (IReadOnlyList<Step>)[new Step(StepKind.Clear), new Step(StepKind.Fill, 0, count)]);
        Gen<int> slots = Gen.Choose(0, ModelProgram.Slots - 1);
        // Loops in loops: two iterations that begin together often share what they hold.
        return from start in Starts(temper, slots)
               from isNested in OneIn(3)
               from nested in Gen.ArrayOf(Starts(temper, slots), isNested ? 1 : 0)
               from length in Gen.Choose(0, 30)
               from body in Gen.ArrayOf(Bodies(start.A), length)
               from end in Gen.Elements(StepKind.Finish, StepKind.Finish, StepKind.Dispose)
               select (IReadOnlyList<Step>)[start, .. nested, .. body.SelectMany(static part => part), new Step(end, start.A), .. nested.Select(one => new Step(end, one.A))];

        Gen<IReadOnlyList<Step>> Bodies(int slot) => Gen.Frequency((60, Alone(LoopSteps(slot))), (1, refills));

        Gen<Step> LoopSteps(int slot) => Gen.Frequency(
            (24, Gen.Constant(new Step(StepKind.MoveNext, slot))),
            (6, Gen.Constant(new Step(StepKind.CursorSet, slot))),
            (4, Gen.Constant(new Step(StepKind.CursorRemove, slot))),
            (8, Keyed(StepKind.Set, key)),
            (6, Keyed(StepKind.Remove, key)),
            (4, Keyed(StepKind.Fill, key, Gen.Choose(2, 16))),
            (1, Keyed(StepKind.Churn, Gen.Choose(2, 40), Gen.Choose(1, 2))),
            (1, Gen.Constant(new Step(StepKind.TrimExcess))),
            (6, anything));
    }

    private static Gen<Step> Steps(Temper temper)
    {
        Gen<int> key = Gen.Choose(0, temper.Keys - 1);
        Gen<int> slot = Gen.Choose(0, ModelProgram.Slots - 1);
        Gen<int> callback = Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 4)));
        int add = temper.Adding;
        int remove = temper.Removing;
        int iterate = temper.Iterating;
        (int Weight, Gen<Step> Step)[] choices =
        [
            (6 * add, Keyed(StepKind.Set, key)),
            (add, Keyed(StepKind.Add, key)),
            (2 * add, Keyed(StepKind.TryAdd, key)),
            (add, Keyed(StepKind.GetOrAdd, key, callback)),
            (add, Keyed(StepKind.AddOrUpdate, key, callback)),
            (2, Keyed(StepKind.Update, key, callback)),
            (add, Keyed(StepKind.Increment, key, Gen.Frequency((8, Gen.Choose(-3, 3)), (1, Gen.Elements(int.MaxValue, int.MinValue))))),
            (6 * remove, Keyed(StepKind.Remove, key)),
            (remove, Keyed(StepKind.RemovePair, key, Gen.Choose(0, 1))),
            (4, Keyed(StepKind.Get, key)),
            (1, Gen.Constant(new Step(StepKind.ReadAll))),
            (temper.Clearing, OnceInAWhile(new Step(StepKind.Clear), Keyed(StepKind.Remove, key))),
            (temper.Resizing, Gen.OneOf(Keyed(StepKind.EnsureCapacity, Gen.Choose(0, 2 * temper.Keys)), Gen.Constant(new Step(StepKind.TrimExcess)))),
            (iterate, Starts(temper, slot)),
            (5 * iterate, Keyed(StepKind.MoveNext, slot)),
            (2 * iterate, Keyed(StepKind.StepOnce, slot)),
            (iterate, Keyed(StepKind.Finish, slot)),
            (2 * iterate, Keyed(StepKind.CursorSet, slot, Seldom)),
            (2 * iterate, Keyed(StepKind.CursorRemove, slot, Seldom)),
            (iterate, Keyed(StepKind.Dispose, slot)),
        ];
        Gen<Step> step = Gen.Frequency(choices.Where(static choice => choice.Weight > 0));
        if (temper.OthersPercent == 0) return step;
        return from mine in step
               from percent in Gen.Choose(0, 99)
               select mine with { Other = percent < temper.OthersPercent };
    }

    private static Gen<int> Seldom { get; } = Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Constant(1)));

    private static Gen<bool> OneIn(int n) => Gen.Choose(1, n).Select(static drawn => drawn == 1);

    private static Gen<Step> Keyed(StepKind kind, Gen<int> a) => a.Select(value => new Step(kind, value));

    private static Gen<Step> Keyed(StepKind kind, Gen<int> a, Gen<int> b) =>
        from x in a
        from y in b
        select new Step(kind, x, y);

    private static Gen<Step> OnceInAWhile(Step rare, Gen<Step> otherwise) => Gen.Frequency((1, Gen.Constant(rare)), (3, otherwise));

    private static Gen<Step> Starts(Temper temper, Gen<int> slot)
    {
        Gen<int> contract = temper.Contracts.Length == 0
            ? Gen.Constant(-1)
            : Gen.Frequency((1, Gen.Constant(-1)), (8, Gen.Elements(temper.Contracts).Select(static c => (int)c)));
        Gen<Iteration> ways = Gen.Frequency(
            (4, Gen.Constant(Iteration.Iterate)),
            (2, Gen.Constant(Iteration.Create)),
            (1, Gen.Constant(Iteration.CreateBound)),
            (2, Gen.Constant(Iteration.ForEach)),
            (2, Gen.Constant(Iteration.Unleased)),
            (1, Gen.Constant(Iteration.Keys)));
        // The last three ways to begin take no contract.
        return from at in slot
               from how in ways
               from c in contract
               select new Step(StepKind.Start, at, (int)how, how is Iteration.Iterate or Iteration.Create or Iteration.CreateBound ? c : -1);
    }

    /// <summary>What a program is like.</summary>
    private sealed record Temper(int Keys, IterationContract[] Contracts)
    {
        public int Adding { get; init; }

        public int Removing { get; init; }

        public int Iterating { get; init; }

        public int Bursting { get; init; }

        public int Resizing { get; init; }

        public int Clearing { get; init; }

        public int OthersPercent { get; init; }
    }
}
