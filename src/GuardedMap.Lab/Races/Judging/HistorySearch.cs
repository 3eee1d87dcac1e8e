using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>The search for an order that explains one history. See <see cref="Linearizability"/> for the method.</summary>
internal sealed class HistorySearch
{
    private readonly HistoryOperation[] _operations;
    private readonly int[] _keys; // For each operation, the number of its key.
    private readonly long?[] _content; // By number of key.
    private readonly int _untouched; // Entries that no operation names; Count counts them.
    private readonly Dictionary<int, long?[]> _read = []; // What the operations of this number have read or stored, by number of key.
    private readonly ulong _mustBeDone; // Operations that returned. The others may be left out of the order.
    private readonly HashSet<Situation> _seen = [];
    private readonly List<int> _order = [];
    private List<int> _longest = [];
    private ulong _longestDone;

    public HistorySearch(IReadOnlyList<HistoryOperation> history, IReadOnlyDictionary<int, long> initial)
    {
        if (history.Count > Linearizability.MaxOperations)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The history has {history.Count} operations that must be ordered together, and {Linearizability.MaxOperations} is the most that can be. Give the actors less to do, or leave out Count, which ties all keys together."),
                nameof(history));
        }

        _operations = [.. history];
        var numbers = new Dictionary<int, int>();
        _keys = [.. _operations.Select(o => o.IsOfAllKeys ? -1 : Number(o.Key))];
        if (_operations.Any(o => o.Verb is Verb.Clear or Verb.Iterate or Verb.SetAll))
        {
            foreach (int key in initial.Keys.Concat(_operations.SelectMany(o => o.Content?.Keys ?? []))) Number(key);
        }

        _content = new long?[numbers.Count];
        _untouched = initial.Count;
        foreach (var (key, number) in numbers)
        {
            if (!initial.TryGetValue(key, out long value)) continue;
            _content[number] = value;
            _untouched--;
        }

        for (int i = 0; i < _operations.Length; i++)
        {
            if (_operations[i].Returned is not null) _mustBeDone |= 1UL << i;
            if (_operations[i].Content is not { } content) continue;
            _read[i] = new long?[_content.Length];
            foreach (var (key, value) in content) _read[i][numbers[key]] = value;
        }

        int Number(int key)
        {
            if (!numbers.TryGetValue(key, out int number)) numbers.Add(key, number = numbers.Count);
            return number;
        }
    }

    public LinearizabilityResult Run()
    {
        bool found = Extend(done: 0);
        return new LinearizabilityResult
        {
            Linearizable = found,
            Witness = [.. (found ? _order : _longest).Select(i => _operations[i])],
            Stuck = found ? [] : [.. Candidates(_longestDone).Select(i => _operations[i])],
            Situations = _seen.Count,
        };
    }

    private bool Extend(ulong done)
    {
        if ((done & _mustBeDone) == _mustBeDone) return true;
        if (!_seen.Add(new Situation(done, (long?[])_content.Clone()))) return false;
        if (_order.Count > _longest.Count) (_longest, _longestDone) = ([.. _order], done);

        foreach (int i in Candidates(done))
        {
            int key = _keys[i];
            long? before = key < 0 ? null : _content[key];
            long?[]? all = _operations[i].Verb is Verb.Clear or Verb.SetAll ? (long?[])_content.Clone() : null;
            if (!Apply(i)) continue;
            _order.Add(i);
            if (Extend(done | (1UL << i))) return true;
            _order.RemoveAt(_order.Count - 1);
            if (key >= 0) _content[key] = before;
            all?.CopyTo(_content, 0);
        }

        return false;
    }

    // What may come next: everything called before the earliest return of what is not done.
    private List<int> Candidates(ulong done)
    {
        long earliest = long.MaxValue;
        for (ulong left = _mustBeDone & ~done; left != 0; left &= left - 1)
            earliest = Math.Min(earliest, _operations[BitOperations.TrailingZeroCount(left)].Returned!.Value);

        var candidates = new List<int>();
        for (int i = 0; i < _operations.Length; i++)
        {
            if ((done & (1UL << i)) == 0 && _operations[i].Invoked < earliest) candidates.Add(i);
        }

        return candidates;
    }

    // Performs an operation on the content, if it would have answered what it did.
    private bool Apply(int i)
    {
        var operation = _operations[i];
        bool answered = operation.Returned is not null;
        switch (operation.Verb)
        {
            case Verb.Get:
                return !answered || _content[_keys[i]] == operation.Result;
            case Verb.Set:
                _content[_keys[i]] = operation.Value;
                return true;
            case Verb.Remove:
                if (answered && (_content[_keys[i]] is null ? 0 : 1) != operation.Result) return false;
                _content[_keys[i]] = null;
                return true;
            case Verb.Take:
                if (answered && _content[_keys[i]] != operation.Result) return false;
                _content[_keys[i]] = null;
                return true;
            case Verb.TryAdd:
                return Store(i, _content[_keys[i]] is null, answered);
            case Verb.TryUpdate:
                return Store(i, _content[_keys[i]] == operation.Compared, answered);
            case Verb.GetOrAdd:
                long there = _content[_keys[i]] ?? operation.Value;
                if (answered && there != operation.Result) return false;
                _content[_keys[i]] = there;
                return true;
            case Verb.Iterate:
                return !answered || _content.AsSpan().SequenceEqual(_read[i]);
            case Verb.SetAll:
                for (int key = 0; key < _content.Length; key++) _content[key] = _read[i][key] ?? _content[key];
                return true;
            case Verb.Clear:
                Array.Clear(_content);
                return true;
            case Verb.Increment:
                long sum = (_content[_keys[i]] ?? 0) + operation.Value;
                if (answered && sum != operation.Result) return false;
                _content[_keys[i]] = sum;
                return true;
            default:
                return !answered || _untouched + _content.Count(v => v is not null) == operation.Result;
        }
    }

    private bool Store(int i, bool stores, bool answered)
    {
        if (answered && (stores ? 1 : 0) != _operations[i].Result) return false;
        if (stores) _content[_keys[i]] = _operations[i].Value;
        return true;
    }

    private readonly struct Situation(ulong done, long?[] content) : IEquatable<Situation>
    {
        private readonly ulong _done = done;
        private readonly long?[] _content = content;

        public bool Equals(Situation other) => _done == other._done && _content.AsSpan().SequenceEqual(other._content);

        public override bool Equals(object? obj) => obj is Situation other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(_done);
            foreach (long? value in _content) hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
