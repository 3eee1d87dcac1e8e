namespace GuardedMaps.Tests.Model;

/// <summary>
/// Smaller programs than a given one, boldest first: halves cut out, then quarters, down to single steps; then a plainer map; then
/// plainer steps. FsCheck takes the first that still diverges and asks again.
/// </summary>
/// <remarks>
/// Cutting out ever smaller parts is delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE
/// 2002). A single iteration and the keys of a hundred steps often have to become smaller together, so there are moves that change
/// all steps at once.
/// </remarks>
internal static class ProgramShrinker
{
    public static IEnumerable<ModelProgram> Smaller(ModelProgram program) =>
        WithoutParts(program).Concat(WithPlainerSetup(program)).Concat(WithFewerKeys(program)).Concat(WithPlainerSteps(program));

    private static IEnumerable<ModelProgram> WithoutParts(ModelProgram program)
    {
        int length = program.Steps.Count;
        for (int part = length; part > 0; part /= 2)
        {
            // Late steps are rarely needed: what follows the divergence is not.
            for (int start = length - part; start > -part; start -= part)
            {
                int from = Math.Max(0, start);
                yield return new ModelProgram(program.Setup, program.Steps.Take(from).Concat(program.Steps.Skip(Math.Max(from, start + part))));
            }
        }
    }

    private static IEnumerable<ModelProgram> WithPlainerSetup(ModelProgram program)
    {
        ModelSetup setup = program.Setup;
        if (setup.Keys != KeyKind.Int) yield return With(setup with { Keys = KeyKind.Int });
        if (setup.Trace) yield return With(setup with { Trace = false });
        if (setup.Shared) yield return With(setup with { Shared = false });
        if (setup.Capacity > 0) yield return With(setup with { Capacity = 0 });
        if (setup.Protection != MapProtection.Guarded) yield return With(setup with { Protection = MapProtection.Guarded });
        if (setup.Contract != IterationContract.Reject) yield return With(setup with { Contract = IterationContract.Reject });
        if (setup.UnleasedContract != IterationContract.FailFast) yield return With(setup with { UnleasedContract = IterationContract.FailFast });
        if (setup.HashSeed is null or > 3)
        {
            for (ulong seed = 1; seed <= 3; seed++) yield return With(setup with { HashSeed = seed });
        }

        if (program.Steps.Any(static step => step.Other)) yield return new ModelProgram(setup, program.Steps.Select(static step => step with { Other = false }));

        ModelProgram With(ModelSetup plainer) => new(plainer, program.Steps);
    }

    private static IEnumerable<ModelProgram> WithFewerKeys(ModelProgram program)
    {
        foreach (int keys in (int[])[1, 2, 4, 8, 16, 64, 256])
        {
            if (program.Steps.Any(step => HasKey(step.Kind) && step.A >= keys))
                yield return new ModelProgram(program.Setup, program.Steps.Select(step => HasKey(step.Kind) ? step with { A = step.A % keys } : step));
        }

        if (program.Steps.Any(static step => HasSlot(step.Kind) && step.A > 0))
            yield return new ModelProgram(program.Setup, program.Steps.Select(static step => HasSlot(step.Kind) ? step with { A = 0 } : step));
    }

    private static IEnumerable<ModelProgram> WithPlainerSteps(ModelProgram program)
    {
        for (int i = 0; i < program.Steps.Count; i++)
        {
            foreach (Step plainer in Plainer(program.Steps[i]))
            {
                var steps = program.Steps.ToArray();
                steps[i] = plainer;
                yield return new ModelProgram(program.Setup, steps);
            }
        }
    }

    private static IEnumerable<Step> Plainer(Step step)
    {
        if (step.Other) yield return step with { Other = false };
        switch (step.Kind)
        {
            case StepKind.Add or StepKind.TryAdd or StepKind.GetOrAdd or StepKind.AddOrUpdate or StepKind.Update or StepKind.Increment:
                yield return new Step(StepKind.Set, step.A, Other: step.Other);
                break;
            case StepKind.RemovePair:
                yield return new Step(StepKind.Remove, step.A, Other: step.Other);
                break;
            case StepKind.Finish or StepKind.StepOnce:
                yield return step with { Kind = StepKind.MoveNext };
                break;
            case StepKind.Start when step.B != (int)Iteration.Iterate:
                yield return step with { B = (int)Iteration.Iterate };
                break;
            case StepKind.Fill or StepKind.Drain:
                StepKind single = step.Kind == StepKind.Fill ? StepKind.Set : StepKind.Remove;
                yield return new Step(single, step.A, Other: step.Other);
                yield return new Step(single, step.A + step.B - 1, Other: step.Other);
                if (step.B < 2) break;
                yield return step with { B = step.B / 2 };
                yield return step with { B = step.B - 1 };
                yield return step with { A = step.A + 1, B = step.B - 1 };
                break;
        }

        if (step.Kind is StepKind.GetOrAdd or StepKind.AddOrUpdate or StepKind.Update or StepKind.CursorSet or StepKind.CursorRemove && step.B != 0)
            yield return step with { B = 0 };
        if ((HasKey(step.Kind) || step.Kind is StepKind.EnsureCapacity or StepKind.Churn) && step.A > 0)
        {
            yield return step with { A = step.A / 2 };
            yield return step with { A = step.A - 1 };
        }
    }

    private static bool HasKey(StepKind kind) => kind is >= StepKind.Set and <= StepKind.Get or >= StepKind.GetOrAdd and <= StepKind.Increment or StepKind.Fill or StepKind.Drain;

    private static bool HasSlot(StepKind kind) => kind >= StepKind.Start;
}
