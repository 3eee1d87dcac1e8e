using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Shell;

// PowerShell notes every error in $Error, also those that a cmdlet met while it ran a script block and has dealt with: the actor of a race that was refused is
// a result and no mistake of the user's. Left there, it hides the user's own errors behind hundreds of others, and a notebook of .NET Interactive fails
// the cell, since it looks at nothing but $Error. So whoever runs a block of which the errors are its business leaves $Error as it found it.
//
// "As it found it" is more than to remove what has come. The list is full at $MaximumErrorCount (256 at first): then each error that comes in front pushes one out at the
// back, the count does not change, and what was pushed out has to come back. So it is by reference that new ones are told from old ones, never by the count.
//
// What a cmdlet reports itself (WriteError) is not handled: it is written outside of the block, and stays.

/// <summary>Leaves <c>$Error</c> of the calling runspace as it was, when disposed of: for running script blocks whose errors the caller deals with.</summary>
/// <remarks>May be nested, as script runs are. For the pipeline's own thread, as <c>$Error</c> is. Costs a copy of the list's references.</remarks>
internal readonly struct HandledErrors : IDisposable
{
    private readonly ArrayList _list;
    private readonly object?[] _before;

    private HandledErrors(ArrayList list) => (_list, _before) = (list, list.ToArray());

    /// <summary>From here on errors are the caller's business.</summary>
    public static HandledErrors Begin() => new(ErrorList.Current.All);

    /// <summary>Takes out what has come since, and puts back what was pushed out.</summary>
    public void Dispose()
    {
        int now = _list.Count;
        int added = _before.Length == 0 ? now : IndexOf(_before[0]);
        if (added == 0) return;
        // The newest of before is not there any more: the block has cleared the list, or filled it.
        if (added < 0) added = now;
        _list.RemoveRange(0, added);
        // A block that has cleared the list wanted it empty, and it stays so; a full list is at least as long as it was before.
        if (now >= _before.Length && IsBeginningOfBefore()) _list.AddRange(_before[_list.Count..]);
    }

    private int IndexOf(object? newest)
    {
        for (int i = 0; i < _list.Count; i++)
        {
            if (ReferenceEquals(_list[i], newest)) return i;
        }

        return -1;
    }

    private bool IsBeginningOfBefore()
    {
        for (int i = 0; i < _list.Count; i++)
        {
            if (!ReferenceEquals(_list[i], _before[i])) return false;
        }

        return true;
    }
}

/// <summary>The list <c>$Error</c> of a runspace, for who would have to copy it too often: what failed, and was dealt with, is taken out again at once.</summary>
internal sealed class ErrorList
{
    private static readonly ConditionalWeakTable<Runspace, ErrorList> s_lists = [];

    private ErrorList(ArrayList all) => All = all;

    /// <summary>That of the calling runspace. A session has one list as long as it lives: the variable is a constant.</summary>
    public static ErrorList Current => s_lists.GetValue(Runspace.DefaultRunspace, static _ =>
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return new ErrorList((ArrayList)shell.AddScript(",$global:Error").Invoke()[0].BaseObject);
    });

    /// <summary>The list itself.</summary>
    public ArrayList All { get; }

    /// <summary>The newest error; null when there is none.</summary>
    public object? Newest => All.Count > 0 ? All[0] : null;

    /// <summary>Takes out what is newer than this one. For single failures: what they push out of a full list does not come back.</summary>
    public void ForgetSince(object? newest)
    {
        while (All.Count > 0 && !ReferenceEquals(All[0], newest)) All.RemoveAt(0);
    }
}
