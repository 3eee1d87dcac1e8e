using System.Globalization;
using System.Text;

namespace GuardedMaps.Tests.Model;

/// <summary>
/// A program for a map: how the map is made, and what is done to it, step by step.
/// </summary>
/// <remarks>
/// <para>The model-based test, from end to end:</para>
/// <code>
///   ProgramGenerator ──▶ ModelProgram ──▶ ModelRun ──┬──▶ GuardedMap      the map under test
///      (FsCheck)              │                      └──▶ MapModel        the oracle: a Dictionary and the contracts' rules
///          ▲                  │ agrees? ── yes ──▶ next program
///          │                  ▼ no
///          └── ProgramShrinker ◀── ModelSearch ──▶ the shortest program that still diverges, as code to paste
/// </code>
/// <para>
/// A program is plain data and every step is legal anywhere: a step that makes no sense where it stands (a cursor write on an
/// empty slot) does nothing. That is what makes shrinking easy: any part may be cut out and the rest is still a program.
/// </para>
/// <para>
/// <see cref="ToString"/> prints a program as the C# that builds it, so that what the search has found becomes a test by pasting it.
/// Programs with a fixed hash seed do the same thing on every run, on every machine.
/// </para>
/// </remarks>
internal sealed class ModelProgram
{
    /// <summary>How many iterations a program can have at once.</summary>
    public const int Slots = 4;

    private readonly List<Step> _steps = [];

    public ModelProgram(ModelSetup setup) => Setup = setup;

    public ModelProgram(ModelSetup setup, IEnumerable<Step> steps)
        : this(setup) => _steps.AddRange(steps);

    public ModelSetup Setup { get; }

    public IReadOnlyList<Step> Steps => _steps;

    public ModelProgram Set(int key, bool other = false) => Add(StepKind.Set, key, other: other);

    public ModelProgram Add(int key, bool other = false) => Add(StepKind.Add, key, other: other);

    public ModelProgram TryAdd(int key, bool other = false) => Add(StepKind.TryAdd, key, other: other);

    public ModelProgram Remove(int key, bool other = false) => Add(StepKind.Remove, key, other: other);

    /// <summary>Removes a key if it has a certain value: the one it has, or another.</summary>
    public ModelProgram RemovePair(int key, bool matching, bool other = false) => Add(StepKind.RemovePair, key, matching ? 1 : 0, other: other);

    public ModelProgram Get(int key, bool other = false) => Add(StepKind.Get, key, other: other);

    public ModelProgram Clear(bool other = false) => Add(StepKind.Clear, other: other);

    public ModelProgram EnsureCapacity(int capacity, bool other = false) => Add(StepKind.EnsureCapacity, capacity, other: other);

    public ModelProgram TrimExcess(bool other = false) => Add(StepKind.TrimExcess, other: other);

    public ModelProgram GetOrAdd(int key, Callback callback = Callback.None, bool other = false) => Add(StepKind.GetOrAdd, key, (int)callback, other: other);

    public ModelProgram AddOrUpdate(int key, Callback callback = Callback.None, bool other = false) => Add(StepKind.AddOrUpdate, key, (int)callback, other: other);

    public ModelProgram Update(int key, Callback callback = Callback.None, bool other = false) => Add(StepKind.Update, key, (int)callback, other: other);

    public ModelProgram Increment(int key, int by = 1, bool other = false) => Add(StepKind.Increment, key, by, other: other);

    /// <summary>Reads the whole map through each of its faces.</summary>
    public ModelProgram ReadAll(bool other = false) => Add(StepKind.ReadAll, other: other);

    /// <summary>Sets <paramref name="count"/> keys in a row: what forces the table to double.</summary>
    public ModelProgram Fill(int key, int count, bool other = false) => Add(StepKind.Fill, key, count, other: other);

    /// <summary>Removes <paramref name="count"/> keys in a row.</summary>
    public ModelProgram Drain(int key, int count, bool other = false) => Add(StepKind.Drain, key, count, other: other);

    /// <summary>
    /// Churn at constant size: adds a key and removes an older one, <paramref name="rounds"/> times, with <paramref name="room"/> entries
    /// left before the table would double. There chains overflow, and what they leave behind forces the table to repack.
    /// </summary>
    public ModelProgram Churn(int rounds, int room = 1, bool other = false) => Add(StepKind.Churn, rounds, room, other: other);

    /// <summary>Begins an iteration in a slot; one that is there already is disposed, or merely dropped if nobody would dispose it.</summary>
    public ModelProgram Start(int slot, Iteration how, IterationContract? contract = null, bool other = false) =>
        Add(StepKind.Start, slot, (int)how, contract is { } c ? (int)c : -1, other);

    public ModelProgram MoveNext(int slot, bool other = false) => Add(StepKind.MoveNext, slot, other: other);

    /// <summary>One transition of the iterator's state machine.</summary>
    public ModelProgram StepOnce(int slot, bool other = false) => Add(StepKind.StepOnce, slot, other: other);

    /// <summary>Goes on to the end of the iteration, or to the error it ends with.</summary>
    public ModelProgram Finish(int slot, bool other = false) => Add(StepKind.Finish, slot, other: other);

    /// <summary>Sets the value of the entry the iteration stands on, or of the one it stood on before.</summary>
    public ModelProgram CursorSet(int slot, bool stale = false, bool other = false) => Add(StepKind.CursorSet, slot, stale ? 1 : 0, other: other);

    /// <summary>Removes the entry the iteration stands on, or the one it stood on before.</summary>
    public ModelProgram CursorRemove(int slot, bool stale = false, bool other = false) => Add(StepKind.CursorRemove, slot, stale ? 1 : 0, other: other);

    public ModelProgram Dispose(int slot, bool other = false) => Add(StepKind.Dispose, slot, other: other);

    /// <summary>Runs the program on a map and on the oracle.</summary>
    /// <returns>The first divergence, or null if they agree to the end.</returns>
    public Divergence? Run(ModelStatistics? statistics = null) => ModelKeys.Run(this, statistics ?? new ModelStatistics());

    /// <summary>Fails with the divergence, if there is one.</summary>
    public void AssertAgrees()
    {
        if (Run() is { } divergence) throw new ModelDivergenceException(this, divergence);
    }

    /// <summary>The program as C#.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"new ModelProgram({Setup.ToCode()})");
        foreach (Step step in _steps) text.Append('\n').Append("    ").Append(step.ToCode());
        return text.Append("\n    .AssertAgrees();").ToString();
    }

    private ModelProgram Add(StepKind kind, int a = 0, int b = 0, int c = -1, bool other = false)
    {
        _steps.Add(new Step(kind, a, b, c, other));
        return this;
    }
}

/// <summary>How a program's map is made.</summary>
internal sealed record ModelSetup
{
    /// <summary>The type of the keys and how they are compared.</summary>
    public KeyKind Keys { get; init; }

    /// <summary>The map's hash seed; null for one the map draws itself, and changes whenever it becomes empty.</summary>
    public ulong? HashSeed { get; init; } = 1;

    public int Capacity { get; init; }

    public IterationContract Contract { get; init; } = IterationContract.Reject;

    public IterationContract UnleasedContract { get; init; } = IterationContract.FailFast;

    public MapProtection Protection { get; init; } = MapProtection.Guarded;

    public bool Trace { get; init; }

    /// <summary>The map is shared from the start: another thread has used it. Else it belongs to the thread that made it, until another one comes.</summary>
    public bool Shared { get; init; }

    public string ToCode()
    {
        var usual = new ModelSetup();
        var parts = new List<string> { $"Keys = KeyKind.{Keys}" };
        if (HashSeed != usual.HashSeed) parts.Add($"HashSeed = {HashSeed?.ToString(CultureInfo.InvariantCulture) ?? "null"}");
        if (Capacity != usual.Capacity) parts.Add(string.Create(CultureInfo.InvariantCulture, $"Capacity = {Capacity}"));
        if (Contract != usual.Contract) parts.Add($"Contract = IterationContract.{Contract}");
        if (UnleasedContract != usual.UnleasedContract) parts.Add($"UnleasedContract = IterationContract.{UnleasedContract}");
        if (Protection != usual.Protection) parts.Add($"Protection = MapProtection.{Protection}");
        if (Trace) parts.Add("Trace = true");
        if (Shared) parts.Add("Shared = true");
        return $"new ModelSetup {{ {string.Join(", ", parts)} }}";
    }
}

/// <summary>What a step does.</summary>
internal enum StepKind
{
    Set,
    Add,
    TryAdd,
    Remove,
    RemovePair,
    Get,
    Clear,
    EnsureCapacity,
    TrimExcess,
    GetOrAdd,
    AddOrUpdate,
    Update,
    Increment,
    ReadAll,
    Fill,
    Drain,
    Churn,
    Start,
    MoveNext,
    StepOnce,
    Finish,
    CursorSet,
    CursorRemove,
    Dispose,
}

/// <summary>How an iteration is begun.</summary>
internal enum Iteration
{
    /// <summary><c>map.Iterate(contract)</c>: leased, begun at once.</summary>
    Iterate,

    /// <summary><c>map.CreateIterator(contract)</c>: leased, begun by its first step.</summary>
    Create,

    /// <summary>The same, bound to the thread that made it.</summary>
    CreateBound,

    /// <summary>What C# <c>foreach</c> does: the struct enumerator, under a lease of the map's own contract.</summary>
    ForEach,

    /// <summary>The enumerator behind <see cref="IEnumerable{T}"/>, which nobody can be relied on to dispose.</summary>
    Unleased,

    /// <summary>The enumerator of <c>map.Keys</c>, likewise.</summary>
    Keys,
}

/// <summary>What a factory or update callback does before it returns its value.</summary>
internal enum Callback
{
    /// <summary>Nothing; where there is a choice, the value is given instead of a factory.</summary>
    None,

    /// <summary>Throws. The map must be as it was.</summary>
    Throws,

    /// <summary>Reads the map, which is allowed.</summary>
    Reads,

    /// <summary>Writes to the map, which is a reentrant write.</summary>
    Writes,

    /// <summary>Begins an iteration, which is one too.</summary>
    Iterates,
}

/// <summary>One step: its kind, its operands (a key or a slot first) and whether another thread takes it.</summary>
internal readonly record struct Step(StepKind Kind, int A = 0, int B = 0, int C = -1, bool Other = false)
{
    /// <summary>The call that adds this step to a program.</summary>
    public string ToCode()
    {
        var arguments = new List<string>();
        switch (Kind)
        {
            case StepKind.Clear or StepKind.TrimExcess or StepKind.ReadAll:
                break;
            case StepKind.RemovePair:
                arguments.Add(Text(A));
                arguments.Add(B != 0 ? "matching: true" : "matching: false");
                break;
            case StepKind.GetOrAdd or StepKind.AddOrUpdate or StepKind.Update:
                arguments.Add(Text(A));
                if (B != 0) arguments.Add($"Callback.{(Callback)B}");
                break;
            case StepKind.Increment or StepKind.Fill or StepKind.Drain or StepKind.Churn:
                arguments.Add(Text(A));
                arguments.Add(Text(B));
                break;
            case StepKind.Start:
                arguments.Add(Text(A));
                arguments.Add($"Iteration.{(Iteration)B}");
                if (C >= 0) arguments.Add($"IterationContract.{(IterationContract)C}");
                break;
            case StepKind.CursorSet or StepKind.CursorRemove:
                arguments.Add(Text(A));
                if (B != 0) arguments.Add("stale: true");
                break;
            default:
                arguments.Add(Text(A));
                break;
        }

        if (Other) arguments.Add("other: true");
        return $".{Kind}({string.Join(", ", arguments)})";

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>Where and how the map and the oracle parted.</summary>
/// <param name="StepIndex">The step that showed it; the number of steps if it was the comparison at the end.</param>
/// <param name="Detail">What was expected and what came.</param>
internal sealed record Divergence(int StepIndex, string Detail);

/// <summary>A program whose map did something else than the oracle.</summary>
internal sealed class ModelDivergenceException(ModelProgram program, Divergence divergence)
    : Exception(Describe(program, divergence))
{
    public static string Describe(ModelProgram program, Divergence divergence)
    {
        string where = divergence.StepIndex < program.Steps.Count
            ? string.Create(CultureInfo.InvariantCulture, $"At step {divergence.StepIndex + 1} of {program.Steps.Count}, {program.Steps[divergence.StepIndex].ToCode()}")
            : "In the comparison after the last step";
        string note = program.Setup.HashSeed is null ? "\nThe hash seed is the map's own, so another run may take another course." : "";
        return $"The map and the oracle differ. {where}: {divergence.Detail}{note}\n\n{program}\n";
    }
}
