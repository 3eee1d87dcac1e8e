using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>One iteration, leased on a guarded map, on its way through the pipeline: the lease, and what the stages around the script block need.</summary>
internal sealed class MapIterationRun(Func<IMapIteration> begin, bool includeState, Action<object?> emit, Action<ErrorRecord> report) : IDisposable
{
    private IMapIteration? _iterator;
    private long _step;

    /// <summary>True once every entry has been visited, or the iteration itself has failed: there is nothing to go on with.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the iteration itself threw when it was begun or stepped, as opposed to what the script block did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>True once an exception came from writing to the cmdlet's own streams: it belongs to whoever reads them.</summary>
    public bool StoppedFromOutside { get; private set; }

    /// <summary>Visits the next entry, beginning the lease at the first call and ending it after the last entry.</summary>
    public bool TryNext([NotNullWhen(true)] out object? entry)
    {
        entry = null;
        if (IsOver) return false;
        try
        {
            _iterator ??= begin();
            if (_iterator.MoveNext())
            {
                _step++;
                entry = includeState && _iterator is IMapIterator stepped ? MapIterationState.AddTo(stepped.Entry, stepped, _step) : _iterator.Entry;
                return true;
            }
        }
        catch (Exception e)
        {
            Failure = e;
            Dispose();
            throw;
        }

        Dispose();
        return false;
    }

    /// <summary>Hands on what the script block wrote.</summary>
    public void Emit(object? output) => Outside(emit, output);

    /// <summary>Hands on an error that the script block raised. What the iteration itself threw is in <see cref="Failure"/> already.</summary>
    public void Report(ErrorRecord error)
    {
        for (Exception? e = error.Exception; e is not null; e = e.InnerException)
        {
            if (ReferenceEquals(e, Failure)) return;
        }

        Outside(report, error);
    }

    /// <summary>Ends the lease. May be called more than once.</summary>
    public void Dispose()
    {
        IsOver = true;
        _iterator?.Dispose();
    }

    private void Outside<T>(Action<T> write, T value)
    {
        bool written = false;
        try
        {
            write(value);
            written = true;
        }
        finally
        {
            if (!written) StoppedFromOutside = true;
        }
    }
}
