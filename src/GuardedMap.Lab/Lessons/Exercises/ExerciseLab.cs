using System.Collections;

namespace GuardedMaps.Lab.Lessons;

/// <summary>
/// How programs in answers are run. This one knows delegates of C#; a shell's knows its script blocks.
/// </summary>
internal class ExerciseLab
{
    /// <summary>What a program looks like, for messages.</summary>
    public virtual string ProgramExample => "a delegate, such as (Action<IDictionary>)(map => map[\"n\"] = 1)";

    /// <summary>True for an answer that is a program over a map.</summary>
    public virtual bool IsProgram(object? answer) => answer is Action<IDictionary>;

    /// <summary>A race of programs. Setup, check and map are filled in by the exercise.</summary>
    public virtual OperationRace Race(IReadOnlyList<object> programs)
    {
        ArgumentNullException.ThrowIfNull(programs);
        return new OperationRace
        {
            Container = nameof(GuardedMap),
            Create = static () => new GuardedMap(),
            Actors = [.. programs.Select((p, i) => new OperationActor($"program {i + 1}", map => Run((Action<IDictionary>)p, map)))],
            Text = string.Join("\n", programs.Select(p => ((Action<IDictionary>)p).Method.ToString())),
        };
    }

    /// <summary>Told of a race with whose schedules an answer was found wrong: a token of it is about to be given.</summary>
    public virtual void Remember(OperationRace race, ExploreResult result)
    {
        // A library's user has the race.
    }

    private static OperationReport Run(Action<IDictionary> program, IDictionary map)
    {
        try
        {
            program(map);
            return OperationReport.Quiet;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KeyNotFoundException or InvalidCastException or NullReferenceException)
        {
            return new OperationReport(null, [OperationFault.Of(e)]);
        }
    }
}
