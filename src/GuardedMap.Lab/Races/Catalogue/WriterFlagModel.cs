using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>How a writer announces itself in a map's flag.</summary>
internal enum WriterFlagWay
{
    /// <summary>Look, set; at the end look again, clear.</summary>
    SetAndClear,

    /// <summary>Look, toggle; at the end look again, toggle: <c>writing ^= 1</c>, as Go's maps do.</summary>
    Xor,

    /// <summary>Look and set in one compare-and-swap; at the end look again, clear.</summary>
    CompareAndSwap,
}

// Three ways to notice that two writers are in a map at once, and what each is worth.
//
//     look      flag != 0: another writer is in the map, raise an error
//     set       flag = 1       or  flag ^= 1       or  one compare-and-swap together with the look
//     work      four writes to the table
//     look      flag == 0: another writer was in the map, raise an error
//     clear     flag = 0       or  flag ^= 1
//
// Unless they are one instruction, look and set are two steps, and both writers may look before either sets. With set and
// clear they then go on as if alone; the one that ends first clears the other's flag, who notices only if its last look is
// still ahead. With XOR the second toggle puts the flag back to 0, and both find it 0 at the end. That is why Go
// toggles. It does not close the gap: a writer that looked at the start and toggles only after the other has looked
// for the last time is seen by nobody. Compare-and-swap closes it, since there is nothing to come between.
//
// The toggle itself counts as one step here. In Go it is a plain load and store, which real threads can tear apart.

/// <summary>Two writers, a flag, and a way of setting it: which overlaps are noticed, and by whom.</summary>
internal sealed class WriterFlagModel(WriterFlagWay way)
    : RaceModel<WriterFlagModel.State>(
        "WriterFlag", way.ToString(), RaceGrain.Access, version: 1, Catalogue, [new Writer(0, way), new Writer(1, way)])
{
    private const int WorkSteps = 4;
    private const long FlagLocation = 0;
    private const long TableLocation = 1; // And the cells after it.

    private static readonly YieldPointCatalogue Catalogue = new(
        new("flag.look", "flag", AccessKind.Read),
        new("flag.set", "flag", AccessKind.Write),
        new("flag.swap", "flag", AccessKind.Write),
        new("work", "table", AccessKind.Write),
        new("flag.look.again", "flag", AccessKind.Read),
        new("flag.clear", "flag", AccessKind.Write));

    private static readonly Footprint Look = Catalogue.At("flag.look", FlagLocation);
    private static readonly Footprint Set = Catalogue.At("flag.set", FlagLocation);
    private static readonly Footprint Swap = Catalogue.At("flag.swap", FlagLocation);
    private static readonly Footprint[] Work = [.. Enumerable.Range(0, WorkSteps).Select(i => Catalogue.At("work", TableLocation + i))];
    private static readonly Footprint LookAgain = Catalogue.At("flag.look.again", FlagLocation);
    private static readonly Footprint Clear = Catalogue.At("flag.clear", FlagLocation);

    private static readonly ScheduleOutcome InTurn = new(ScheduleOutcomeKind.Clean, "one writer after the other");
    private static readonly ScheduleOutcome Missed = new(ScheduleOutcomeKind.Unnoticed, "the writers overlapped and neither knows");
    private static readonly ScheduleOutcome OnlyA = new(ScheduleOutcomeKind.Violation, "writer A raised an error, writer B knows nothing");
    private static readonly ScheduleOutcome OnlyB = new(ScheduleOutcomeKind.Violation, "writer B raised an error, writer A knows nothing");
    private static readonly ScheduleOutcome Both = new(ScheduleOutcomeKind.Violation, "both writers raised an error");
    private static readonly ScheduleOutcome FalseAlarm = new(ScheduleOutcomeKind.Violation, "an error was raised though the writers did not overlap");

    internal override State Setup() => new();

    internal override string NameOf(Footprint footprint) => footprint.Location == FlagLocation
        ? "flag"
        : string.Create(CultureInfo.InvariantCulture, $"table cell {footprint.Location - TableLocation}");

    internal override string? ValueAt(State state, Footprint footprint) =>
        (footprint.Location == FlagLocation ? state.Flag : state.Table[footprint.Location - TableLocation]).ToString(CultureInfo.InvariantCulture);

    internal override ScheduleOutcome Judge(State state) => (state.Overlapped, state.Raised) switch
    {
        (false, 0) => InTurn,
        (false, _) => FalseAlarm,
        (true, 0) => Missed,
        (true, 1) => OnlyA,
        (true, 2) => OnlyB,
        _ => Both,
    };

    /// <summary>The flag and the table, and the oracle's own record of who was inside when.</summary>
    internal sealed class State
    {
        private int _inside;

        public int Flag { get; set; }

        public int[] Table { get; } = new int[WorkSteps];

        /// <summary>True once a step was made by one writer while the other was between its first and its last.</summary>
        public bool Overlapped { get; private set; }

        /// <summary>A bit for each writer that raised an error.</summary>
        public int Raised { get; private set; }

        public void Enter(int writer)
        {
            _inside |= 1 << writer;
            if (_inside != 1 << writer) Overlapped = true;
        }

        public void Leave(int writer) => _inside &= ~(1 << writer);

        public void Raise(int writer)
        {
            Raised |= 1 << writer;
            Leave(writer);
        }
    }

    private sealed class Writer(int self, WriterFlagWay way) : IActorProgram<State>
    {
        public string Name { get; } = $"writer {Schedule.Letter(self)}";

        public IEnumerator<Footprint> Run(State state)
        {
            yield return way == WriterFlagWay.CompareAndSwap ? Swap : Look;
            state.Enter(self);
            if (state.Flag != 0)
            {
                state.Raise(self);
                yield break;
            }

            if (way != WriterFlagWay.CompareAndSwap) yield return Set;
            state.Flag = way == WriterFlagWay.Xor ? state.Flag ^ 1 : 1;

            for (int i = 0; i < WorkSteps; i++)
            {
                yield return Work[i];
                state.Table[i] = self + 1;
            }

            yield return LookAgain;
            if (state.Flag == 0)
            {
                state.Raise(self);
                yield break;
            }

            yield return Clear;
            state.Flag = way == WriterFlagWay.Xor ? state.Flag ^ 1 : 0;
            state.Leave(self);
        }
    }
}
