using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>The contract table is found out by trying, and comes to what the contracts promise.</summary>
public sealed class ContractPictureTests
{
    [Fact]
    public void The_iterating_thread_meets_each_contract_as_it_is_promised()
    {
        var trials = new ContractPicture().Trials;
        Assert.Equal(24, trials.Count);
        Assert.All(Of(trials, IterationContract.Reject), static t => Assert.Equal((ContractVerdict.Refused, false, (MapViolationKind?)MapViolationKind.ConcurrentIterationAndWrite), (t.Verdict, t.IterationFailed, t.Violation)));
        Assert.All(Of(trials, IterationContract.FailFast), static t => Assert.Equal((ContractVerdict.Written, true, ContractSight.NotLooked), (t.Verdict, t.IterationFailed, t.Sight)));
        Assert.All(Of(trials, IterationContract.Tolerate), static t => Assert.Equal((ContractVerdict.Written, false), (t.Verdict, t.IterationFailed)));
        Assert.All(Of(trials, IterationContract.Snapshot), static t => Assert.Equal((ContractVerdict.Written, false), (t.Verdict, t.IterationFailed)));
        Assert.All(Of(trials, IterationContract.Defer), static t => Assert.Equal((ContractVerdict.Queued, false, (MapViolationKind?)null), (t.Verdict, t.IterationFailed, t.Violation)));

        Assert.All(Of(trials, IterationContract.WeaklyConsistent), static t => Assert.Equal((ContractVerdict.Written, false, (MapViolationKind?)null), (t.Verdict, t.IterationFailed, t.Violation)));

        // Add, update, remove, clear.
        Assert.Equal([ContractSight.Sometimes, ContractSight.Always, ContractSight.Never, ContractSight.Never], Of(trials, IterationContract.WeaklyConsistent).Select(static t => t.Sight));
        // What is added gets a number that the walk does not go to; the contract promises only that it comes at most once.
        Assert.Equal([ContractSight.Never, ContractSight.Always, ContractSight.Never, ContractSight.Never], Of(trials, IterationContract.Tolerate).Select(static t => t.Sight));
        Assert.Equal([ContractSight.Never, ContractSight.Never, ContractSight.Always, ContractSight.Always], Of(trials, IterationContract.Snapshot).Select(static t => t.Sight));
        Assert.Equal([ContractSight.Never, ContractSight.Never, ContractSight.Always, ContractSight.Always], Of(trials, IterationContract.Defer).Select(static t => t.Sight));
    }

    [Fact]
    public void Another_thread_is_refused_under_Tolerate()
    {
        var trials = new ContractPicture(fromOtherThread: true).Trials;
        Assert.All(Of(trials, IterationContract.Tolerate), static t => Assert.Equal((ContractVerdict.Refused, false), (t.Verdict, t.IterationFailed)));
        Assert.All(Of(trials, IterationContract.Snapshot), static t => Assert.Equal(ContractVerdict.Written, t.Verdict));
        Assert.All(Of(trials, IterationContract.Defer), static t => Assert.Equal(ContractVerdict.Queued, t.Verdict));
        Assert.All(Of(trials, IterationContract.WeaklyConsistent), static t => Assert.Equal((ContractVerdict.Written, false), (t.Verdict, t.IterationFailed)));
    }

    [Fact]
    public void The_table_says_what_was_tried()
    {
        string[] lines = new ContractPicture().ToString().Split(Environment.NewLine);
        Assert.Equal(4, lines.Single(static l => l.StartsWith("Reject", StringComparison.Ordinal)).Split("refused").Length - 1);
        Assert.Equal(4, lines.Single(static l => l.StartsWith("Defer", StringComparison.Ordinal)).Split("queued to end").Length - 1);
    }

    private static IEnumerable<ContractTrial> Of(IEnumerable<ContractTrial> trials, IterationContract contract) => trials.Where(t => t.Contract == contract);
}
