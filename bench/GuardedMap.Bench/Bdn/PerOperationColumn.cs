using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace GuardedMaps.Bench.Bdn;

/// <summary>Nanoseconds per key: a benchmark's own mean is that of a whole pass.</summary>
internal sealed class PerOperationColumn : IColumn
{
    public string Id => nameof(PerOperationColumn);

    public string ColumnName => "ns/key";

    public string Legend => "Mean divided by the number of keys in one invocation";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        if (summary[benchmarkCase]?.ResultStatistics is not { } statistics) return "?";
        int size = (int)benchmarkCase.Parameters[nameof(MapBenchmark.Size)];
        return (statistics.Mean / Workload.KeysPerInvocation(size)).ToString("F2", CultureInfo.InvariantCulture);
    }
}
