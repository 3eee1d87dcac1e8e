using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Dynamic;

namespace GuardedMaps.Lab;

/// <summary>
/// Any dictionary, with a gate before it: each call passes the gate first and then goes to the dictionary unchanged. Members
/// the dictionary has beyond <see cref="IDictionary"/> are reached dynamically, each as one operation.
/// </summary>
/// <remarks>
/// Enumerators pass the gate at each step, since an iteration is many operations. The collections <see cref="Keys"/> and
/// <see cref="Values"/> do so too, live or copied: the wrapper cannot tell which they are, and a step too many does no harm.
/// </remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field calls it.")]
internal class SharedMap : DynamicObject, IDictionary
{
    private readonly MemberCalls _calls;

    /// <summary>Puts a gate before a dictionary.</summary>
    protected SharedMap(IDictionary inner, OperationGate gate, MemberCalls calls) => (Inner, Gate, _calls) = (inner, gate, calls);

    /// <summary>Puts a gate before a dictionary; before a map of this library in such a way that it is one itself, and a guarded one can be iterated under a lease.</summary>
    public static IDictionary Of(IDictionary inner, OperationGate gate) => Of(inner, gate, MemberCalls.ByReflection);

    /// <summary>The same, with the host language's own way of calling methods by name.</summary>
    public static IDictionary Of(IDictionary inner, OperationGate gate, MemberCalls calls) => inner switch
    {
        IGuardedMap guarded => new SharedGuardedMap(guarded, gate, calls),
        IMap map => new SharedKindMap(map, gate, calls),
        _ => new SharedMap(inner, gate, calls),
    };

    /// <summary>The dictionary behind the gate.</summary>
    protected internal IDictionary Inner { get; }

    /// <summary>The gate.</summary>
    protected OperationGate Gate { get; }

    /// <inheritdoc/>
    public ICollection Keys => Gate.Pass("keys", AccessKind.Read, null, () => new SharedCollection(Inner.Keys, Gate, "key"));

    /// <inheritdoc/>
    public ICollection Values => Gate.Pass("values", AccessKind.Read, null, () => new SharedCollection(Inner.Values, Gate, "value"));

    /// <inheritdoc/>
    public int Count => Gate.Pass("count", AccessKind.Read, null, () => Inner.Count);

    /// <inheritdoc/>
    public bool IsReadOnly => Inner.IsReadOnly;

    /// <inheritdoc/>
    public bool IsFixedSize => Inner.IsFixedSize;

    /// <inheritdoc/>
    public bool IsSynchronized => Inner.IsSynchronized;

    /// <inheritdoc/>
    public object SyncRoot => Inner.SyncRoot;

    /// <inheritdoc/>
    public object? this[object key]
    {
        get => Gate.Pass("get", AccessKind.Read, key, () => Inner[key]);
        set => Gate.Pass("set", AccessKind.Write, key, () => Inner[key] = value);
    }

    /// <inheritdoc/>
    public void Add(object key, object? value) => Gate.Pass("add", AccessKind.Write, key, () => Inner.Add(key, value));

    /// <inheritdoc/>
    public void Clear() => Gate.Pass("clear", AccessKind.Write, null, Inner.Clear);

    /// <inheritdoc/>
    public bool Contains(object key) => Gate.Pass("contains", AccessKind.Read, key, () => Inner.Contains(key));

    /// <inheritdoc/>
    public void CopyTo(Array array, int index) => Gate.Pass("copy", AccessKind.Read, null, () => Inner.CopyTo(array, index));

    /// <inheritdoc/>
    public void Remove(object key) => Gate.Pass("remove", AccessKind.Write, key, () => Inner.Remove(key));

    /// <inheritdoc/>
    public IDictionaryEnumerator GetEnumerator() => Gate.Pass("iterate", AccessKind.Read, null, () => new SharedEntries(Inner.GetEnumerator(), Gate));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool TryInvokeMember(InvokeMemberBinder binder, object?[]? args, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        args ??= [];
        result = null;
        if (!_calls.Has(Inner, binder.Name)) return false;
        result = Gate.Pass(binder.Name, AccessKind.Write, args.Length > 0 ? args[0] : null, () => _calls.Call(Inner, binder.Name, args));
        return true;
    }

    private sealed class SharedEntries(IDictionaryEnumerator inner, OperationGate gate) : IDictionaryEnumerator
    {
        public DictionaryEntry Entry => inner.Entry;

        public object Key => inner.Key;

        public object? Value => inner.Value;

        public object? Current => inner.Current;

        public bool MoveNext() => gate.Pass("next", AccessKind.Read, null, inner.MoveNext);

        public void Reset() => inner.Reset();
    }

    private sealed class SharedCollection(ICollection inner, OperationGate gate, string of) : ICollection
    {
        public int Count => gate.Pass("count", AccessKind.Read, null, () => inner.Count);

        public bool IsSynchronized => inner.IsSynchronized;

        public object SyncRoot => inner.SyncRoot;

        public void CopyTo(Array array, int index) => gate.Pass("copy", AccessKind.Read, null, () => inner.CopyTo(array, index));

        public IEnumerator GetEnumerator() => gate.Pass("iterate", AccessKind.Read, null, () => new SharedItems(inner.GetEnumerator(), gate, of));
    }

    private sealed class SharedItems(IEnumerator inner, OperationGate gate, string of) : IEnumerator
    {
        public object? Current => inner.Current;

        public bool MoveNext() => gate.Pass($"next {of}", AccessKind.Read, null, inner.MoveNext);

        public void Reset() => inner.Reset();
    }
}
