using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>Who shares a collection with whom, until when, and who holds a lock meanwhile.</summary>
internal sealed class ScriptSharing
{
    private readonly ScriptAnalysis _script;
    private readonly Dictionary<string, HashSet<ParallelBlock>> _shared = new(StringComparer.Ordinal);
    private readonly List<(int Offset, int Step, string? Object, Ast Node)> _locks = [];
    private readonly List<Ast> _waits = [];

    public ScriptSharing(ScriptAnalysis script)
    {
        _script = script;
        foreach (ParallelBlock block in script.Parallel.All) AddShared(block);
        foreach (InvokeMemberExpressionAst call in script.Nodes.Calls) AddLockOrWait(call);
        foreach (CommandAst command in script.Nodes.Commands)
        {
            CommandCall call = script.Command(command);
            if (call.Is("Wait-Job") || call.Is("Wait-RSJob") || call.Is("Stop-Job") || (call.Is("Receive-Job") && call.Has("Wait", 4))) _waits.Add(command);
            else if (call.Is("Lock-Object")) _locks.Add((command.Extent.StartOffset, 1, null, command));
        }

        foreach (LoopStatementAst loop in script.Nodes.OtherLoops)
        {
            if (loop.Condition?.Extent.Text.Contains("IsCompleted", StringComparison.OrdinalIgnoreCase) == true) _waits.Add(loop);
        }

        _locks.Sort((a, b) => a.Offset.CompareTo(b.Offset));
    }

    /// <summary>True if an object was there before a parallel block began, so that others may have it too.</summary>
    public static bool IsFromOutside(MapValue value, ParallelBlock block) =>
        value.Root != block.Block && !ScriptAnalysis.IsWithin(value.Root, block.Block);

    /// <summary>
    /// True if others may be using a collection while a node runs: it stands in a parallel block, or such a block has been started and not
    /// been waited for. A collection that the script shares with nobody has been made shareable for somebody the text does not show.
    /// </summary>
    public bool IsShared(MapValue value, Ast node, bool unlessSeen)
    {
        if (_script.Parallel.Around(node) is { } around && IsFromOutside(value, around)) return around.Shares;
        if (!_shared.TryGetValue(value.Id, out HashSet<ParallelBlock>? blocks)) return unlessSeen;
        foreach (ParallelBlock block in blocks)
        {
            if (block.Shares && !block.IsBlocking && IsRunning(block, node)) return true;
        }

        return false;
    }

    /// <summary>True if a lock is held where a node stands, by a script that looks like taking one.</summary>
    /// <param name="node">The place.</param>
    /// <param name="lockObject">The id of the only object that protects, or null for any.</param>
    public bool IsLocked(Ast node, string? lockObject = null)
    {
        ScriptBlockAst scope = _script.Blocks.ScopeOf(node);
        int depth = 0;
        foreach ((int offset, int step, string? held, Ast at) in _locks)
        {
            if (offset >= node.Extent.StartOffset) break;
            if (lockObject is not null && held is not null && !string.Equals(held, lockObject, StringComparison.OrdinalIgnoreCase)) continue;
            if (at is CommandAst command)
            {
                if (ScriptAnalysis.IsWithin(node, command)) return true;
                continue;
            }

            ScriptBlockAst lockScope = _script.Blocks.ScopeOf(at);
            if (lockScope != scope && !ScriptAnalysis.IsWithin(node, lockScope)) continue;
            if (_script.Parallel.Around(node)?.Block != _script.Parallel.Around(at)?.Block) continue;
            depth = Math.Max(0, depth + step);
        }

        return depth > 0;
    }

    private bool IsRunning(ParallelBlock block, Ast node)
    {
        // Another function, or one loop around both: the order of the text is not the order of time.
        if (_script.Blocks.ScopeOf(block.Start) != _script.Blocks.ScopeOf(node)) return true;
        if (node.Extent.StartOffset < block.Start.Extent.EndOffset) return ScriptAnalysis.Above<LoopStatementAst>(block.Start) is { } loop && ScriptAnalysis.IsWithin(node, loop);
        return !_waits.Exists(w => w.Extent.StartOffset > block.Block.Extent.StartOffset && w.Extent.EndOffset <= node.Extent.StartOffset
            || (w.Extent.StartOffset >= block.Start.Extent.StartOffset && w is CommandAst && w.Parent is PipelineAst pipeline && ScriptAnalysis.IsWithin(block.Start, pipeline)));
    }

    private void AddShared(ParallelBlock block)
    {
        foreach (Ast found in block.Block.FindAll(static a => a is VariableExpressionAst, searchNestedScriptBlocks: true))
        {
            AddShared(block, found.Parent is UsingExpressionAst outer ? outer : (ExpressionAst)found);
        }

        foreach (ExpressionAst handed in block.Arguments.Concat(block.Handed.Values)) AddShared(block, handed);
    }

    private void AddShared(ParallelBlock block, ExpressionAst used)
    {
        if (_script.Values.Resolve(used) is not { } value || !IsFromOutside(value, block)) return;
        if (!_shared.TryGetValue(value.Id, out HashSet<ParallelBlock>? blocks)) _shared.Add(value.Id, blocks = new HashSet<ParallelBlock>(ReferenceEqualityComparer.Instance));
        blocks.Add(block);
    }

    private void AddLockOrWait(InvokeMemberExpressionAst call)
    {
        string? name = ScriptAnalysis.MemberName(call)?.ToUpperInvariant();
        bool isMonitor = call.Static && call.Expression.Extent.Text.Contains("Monitor", StringComparison.OrdinalIgnoreCase);
        switch (name)
        {
            case "ENTER" or "TRYENTER" or "EXIT" when isMonitor && call.Arguments is [{ } target, ..]:
                _locks.Add((call.Extent.StartOffset, name == "EXIT" ? -1 : 1, _script.Values.Resolve(target)?.Id, call));
                break;
            case "WAITONE" or "ENTERWRITELOCK" or "ENTERREADLOCK" or "ENTERUPGRADEABLEREADLOCK" or "ENTER" or "WAIT" when !call.Static:
                _locks.Add((call.Extent.StartOffset, 1, null, call));
                if (name is "WAITONE" or "WAIT") _waits.Add(call);
                break;
            case "RELEASEMUTEX" or "EXITWRITELOCK" or "EXITREADLOCK" or "EXIT" or "RELEASE" when !call.Static:
                _locks.Add((call.Extent.StartOffset, -1, null, call));
                break;
            case "ENDINVOKE" or "WAITALL" or "ENDSTOP":
                _waits.Add(call);
                break;
            default:
                break;
        }
    }
}
