using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace GuardedMaps.Bench;

/// <summary>What the figures below were taken on: they mean little without it.</summary>
internal static class Machine
{
    private static readonly string[] s_settings = ["TieredCompilation", "TieredPGO", "ReadyToRun", "TC_QuickJitForLoops", "EnableAVX2", "gcServer"];

    public static void Print()
    {
        Console.WriteLine($"# {Processor()}, {Environment.ProcessorCount} logical cores, {RuntimeInformation.OSArchitecture}; {RuntimeInformation.OSDescription}");
        Console.WriteLine($"# {RuntimeInformation.FrameworkDescription}; GC: {(GCSettings.IsServerGC ? "server" : "workstation")}, " +
            $"{(AppContext.TryGetSwitch("System.GC.Concurrent", out bool concurrent) && !concurrent ? "not concurrent" : "concurrent")}; " +
            $"AVX2 {YesNo(Avx2.IsSupported)}, BMI2 {YesNo(Bmi2.IsSupported)}; JIT settings: {Settings()}");
    }

    private static string YesNo(bool flag) => flag ? "yes" : "no";

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return name ?? "unknown processor";
    }

    /// <summary>Settings in the environment that would make the figures another machine's.</summary>
    private static string Settings()
    {
        string[] set =
        [
            .. s_settings
                .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable("DOTNET_" + name)))
                .Where(s => s.Value is not null)
                .Select(s => $"{s.Name}={s.Value}"),
        ];
        return set.Length == 0 ? "default" : string.Join(" ", set);
    }
}
