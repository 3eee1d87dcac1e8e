namespace GuardedMaps.Shell.Rules;

/// <summary>What a variable holds, as far as a script's text tells.</summary>
internal enum CollectionKind
{
    Unknown = 0,

    /// <summary>Something that no loop and no other thread can harm: a number, a copy made by @(...), a frozen map.</summary>
    Harmless,
    Hashtable,
    Ordered,
    List,
    ArrayList,
    Dictionary,
    HashSet,
    SortedDictionary,
    Queue,
    SynchronizedTable,
    SynchronizedList,
    Concurrent,
    Guarded,
    GuardedSynchronized,
    GuardedNone,
    ScriptBlock,
    MapIterator,
}

/// <summary>Which part of a collection an expression stands for.</summary>
internal enum CollectionView
{
    Whole = 0,
    Keys,
    Values,
    Enumerator,
}

/// <summary>What each kind of collection allows. Tried with PowerShell 7.6 on .NET 10; the rules' pages show it.</summary>
internal static class CollectionKinds
{
    private static readonly Dictionary<string, CollectionKind> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hashtable"] = CollectionKind.Hashtable,
        ["ordered"] = CollectionKind.Ordered,
        ["OrderedDictionary"] = CollectionKind.Ordered,
        ["List"] = CollectionKind.List,
        ["Collection"] = CollectionKind.List,
        ["ObservableCollection"] = CollectionKind.List,
        ["LinkedList"] = CollectionKind.List,
        ["ArrayList"] = CollectionKind.ArrayList,
        ["Dictionary"] = CollectionKind.Dictionary,
        ["HashSet"] = CollectionKind.HashSet,
        ["SortedDictionary"] = CollectionKind.SortedDictionary,
        ["SortedList"] = CollectionKind.SortedDictionary,
        ["SortedSet"] = CollectionKind.List,
        ["Queue"] = CollectionKind.Queue,
        ["Stack"] = CollectionKind.Queue,
        ["ConcurrentDictionary"] = CollectionKind.Concurrent,
        ["ConcurrentBag"] = CollectionKind.Concurrent,
        ["ConcurrentQueue"] = CollectionKind.Concurrent,
        ["ConcurrentStack"] = CollectionKind.Concurrent,
        ["BlockingCollection"] = CollectionKind.Concurrent,
        ["guardedmap"] = CollectionKind.Guarded,
        ["SnapshotMap"] = CollectionKind.Concurrent,
        ["SyncMap"] = CollectionKind.Concurrent,
        ["OrderedMap"] = CollectionKind.Concurrent,
        ["scriptblock"] = CollectionKind.ScriptBlock,
        ["array"] = CollectionKind.Harmless,
        ["string"] = CollectionKind.Harmless,
        ["int"] = CollectionKind.Harmless,
        ["long"] = CollectionKind.Harmless,
        ["bool"] = CollectionKind.Harmless,
        ["switch"] = CollectionKind.Harmless,
        ["ImmutableDictionary"] = CollectionKind.Harmless,
        ["ImmutableList"] = CollectionKind.Harmless,
        ["FrozenDictionary"] = CollectionKind.Harmless,
    };

    private static readonly HashSet<string> s_changing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add", "AddRange", "Remove", "RemoveAt", "RemoveRange", "RemoveAll", "RemoveWhere", "Clear", "Insert", "InsertRange", "TryAdd", "TryRemove",
        "TryUpdate", "AddOrUpdate", "GetOrAdd", "Increment", "Append", "Enqueue", "Dequeue", "TryDequeue", "Push", "Pop", "TryPop", "Sort", "Reverse",
        "UnionWith", "ExceptWith", "IntersectWith", "SymmetricExceptWith", "set_Item", "AddFirst", "AddLast", "RemoveFirst", "RemoveLast", "Set",
    };

    // Names that other objects have as well, with another meaning: a guess at an unknown object is made without them.
    private static readonly HashSet<string> s_ambiguous = new(StringComparer.OrdinalIgnoreCase) { "Append", "Increment", "Sort", "Reverse", "Set", "Push" };

    /// <summary>The kind of a type as a script writes it: [hashtable], [System.Collections.Generic.List[string]], 'Collections.ArrayList'.</summary>
    public static CollectionKind OfType(string typeName)
    {
        string name = typeName.Trim();
        if (name.EndsWith("[]", StringComparison.Ordinal)) return CollectionKind.Harmless;
        int generic = name.IndexOfAny(['[', '`', '<']);
        if (generic >= 0) name = name[..generic];
        if (name.StartsWith("GuardedMaps.GuardedMap", StringComparison.OrdinalIgnoreCase)) return CollectionKind.Guarded;
        name = name[(name.LastIndexOf('.') + 1)..];
        return s_types.GetValueOrDefault(name);
    }

    /// <summary>True for what PowerShell hands on as one object: foreach over it, or a pipeline from it, runs once.</summary>
    public static bool IsDictionary(CollectionKind kind) => kind is CollectionKind.Hashtable or CollectionKind.Ordered or CollectionKind.Dictionary
        or CollectionKind.SortedDictionary or CollectionKind.SynchronizedTable or CollectionKind.Guarded or CollectionKind.GuardedSynchronized or CollectionKind.GuardedNone;

    /// <summary>True for a collection that fails, or loses data, when two runspaces use it at once and one of them writes.</summary>
    public static bool IsPlain(CollectionKind kind) => kind is CollectionKind.Hashtable or CollectionKind.Ordered or CollectionKind.List
        or CollectionKind.ArrayList or CollectionKind.Dictionary or CollectionKind.HashSet or CollectionKind.SortedDictionary or CollectionKind.Queue;

    /// <summary>True for a collection whose enumerator gives up after a change.</summary>
    public static bool FailsWhenChanged(CollectionKind kind) =>
        IsPlain(kind) || kind is CollectionKind.SynchronizedTable or CollectionKind.SynchronizedList or CollectionKind.Guarded;

    /// <summary>True for a collection that several runspaces may use, each operation being whole.</summary>
    public static bool IsShareable(CollectionKind kind) => kind is CollectionKind.SynchronizedTable or CollectionKind.SynchronizedList
        or CollectionKind.Concurrent or CollectionKind.Guarded or CollectionKind.GuardedSynchronized;

    /// <summary>True for a method that changes the collection it is called on.</summary>
    public static bool IsChangingMethod(string name, CollectionKind kind) =>
        s_changing.Contains(name) && (kind != CollectionKind.Unknown || !s_ambiguous.Contains(name));

    /// <summary>True where .NET's enumerators, since .NET Core 3.0, go on after the change; those of Windows PowerShell 5.1 fail.</summary>
    public static bool IsToleratedWhileEnumerating(CollectionKind kind, string operation, bool overwritesOnly) => kind switch
    {
        CollectionKind.Dictionary => overwritesOnly || operation is "Remove" or "Clear",
        CollectionKind.HashSet => operation is "Remove" or "Clear" or "RemoveWhere" or "ExceptWith",
        _ => false,
    };

    /// <summary>The kind in words, for a message.</summary>
    public static string Describe(CollectionKind kind) => kind switch
    {
        CollectionKind.Ordered => "ordered dictionary",
        CollectionKind.List => "list",
        CollectionKind.SortedDictionary => "sorted dictionary",
        CollectionKind.SynchronizedTable => "synchronized hashtable",
        CollectionKind.SynchronizedList => "synchronized list",
        CollectionKind.Concurrent => "concurrent collection",
        CollectionKind.Guarded or CollectionKind.GuardedSynchronized or CollectionKind.GuardedNone => "guarded map",
        CollectionKind.Unknown => "collection",
        _ => kind.ToString().ToLowerInvariant() switch { "arraylist" => "ArrayList", "hashset" => "HashSet", "dictionary" => "Dictionary", string word => word },
    };
}
