namespace GuardedMaps.Lab;

/// <summary>The races over the maps that cannot race. Where a scenario of the guarded map is the same race, it has the same name.</summary>
internal static class RacedScenarios
{
    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<RacedScenario> All { get; } =
    [
        new("TwoWritersSameKey", "Two threads store the same new key, and one of them looks what is there.")
        {
            Programs = [[Set(10, 100), Get(10)], [Set(10, 200)]],
        },
        new("TwoWritersNeighbours", "Two threads store keys beside each other, between two that are there.")
        {
            Setup = [Set(10, 100), Set(13, 130)],
            Programs = [[Set(11, 110), Get(12)], [Set(12, 120), Get(11)]],
        },
        new("AtomicUpdate", "Two threads count up one key that is not there, each in one operation.")
        {
            Programs = [[Add(10), Add(10)], [Add(10)]],
        },
        new("AddVersusRemove", "One thread removes a key and adds it anew; another looks, stores and removes it as well.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Take(10), TryAdd(10, 101)], [Get(10), Take(10)]],
        },
        new("ConditionalWrites", "Add if missing, replace if unchanged, get or add: three threads decide about one key.")
        {
            Setup = [Set(10, 100)],
            Programs = [[TryUpdate(10, 101, 100)], [Take(10)], [GetOrAdd(10, 102)]],
            Within = 3,
        },
        new("RemoveVersusNeighbour", "One thread removes a key while another stores the next one and removes the one before.")
        {
            Setup = [Set(10, 100), Set(11, 110)],
            Programs = [[Take(11), Get(12)], [Set(12, 120), Take(10)]],
        },
        new("ReadersSeeOneOrder", "One thread stores two keys, one after the other; two others look them up in opposite orders.")
        {
            Programs = [[Set(10, 100), Set(11, 110)], [Get(11), Get(10)], [Get(10), Get(11)]],
            Within = 2,
        },
        new("ClearVersusSet", "One thread stores and looks; another clears.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Set(10, 101), Get(10)], [Clear]],
        },
        new("ClearVersusUpdate", "One thread counts up a key, another clears and stores it.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Add(10), Get(11)], [Clear, Set(11, 111)]],
        },
        new("WriteDuringIteration", "One thread iterates; another stores a new key and a new value for the last one.")
        {
            Setup = [Set(10, 100), Set(12, 120)],
            Programs = [[ReadAll], [Set(11, 110), Set(12, 121)]],
        },
        new("DeleteDuringIteration", "One thread iterates; another removes the key it may stand on, and the next.")
        {
            Setup = [Set(10, 100), Set(11, 110), Set(12, 120)],
            Programs = [[ReadAll], [Take(10), Take(11)]],
        },
        new("ClearDuringIteration", "One thread iterates; another clears, and stores a key.")
        {
            Setup = [Set(10, 100), Set(11, 110)],
            Programs = [[ReadAll], [Clear, Set(12, 120)]],
        },

        new("SnapshotVersusWriter", "A snapshot is taken while a writer makes two writes in place, one of them the first of a key.")
        {
            Setup = [Set(10, 100)],
            Programs = [[ReadAll], [Set(10, 101), Set(11, 110)]],
            Maps = ["SnapshotMap", "SnapshotMapOfObjects"],
        },
        new("SnapshotVersusRemoval", "A snapshot is taken while a writer removes a key and stores it anew.")
        {
            Setup = [Set(10, 100), Set(11, 110)],
            Programs = [[ReadAll], [Take(10), Set(10, 101)]],
            Maps = ["SnapshotMap", "SnapshotMapOfObjects"],
        },
        new("TwoSnapshots", "Two snapshots are taken while a writer stores; the later one must not be the older.")
        {
            Setup = [Set(10, 100)],
            Programs = [[ReadAll, Get(10)], [ReadAll], [Set(10, 101)]],
            Maps = ["SnapshotMap", "SnapshotMapOfObjects"],
            Within = 2,
        },
        new("BatchVersusSnapshot", "A batch of two writes, while one thread takes a snapshot and another looks the keys up.")
        {
            Setup = [Set(10, 100)],
            Programs = [[ReadAll], [Write(10, 101, 11, 110)], [Get(11), Get(10)]],
            Maps = ["SnapshotMap", "SnapshotMapOfObjects"],
            Within = 2,
        },
        new("BatchVersusWriter", "A batch of two writes, and another thread's writes of the same keys.")
        {
            Setup = [Set(10, 100), ReadAll],
            Programs = [[Write(10, 101, 11, 110), Get(10)], [Set(11, 111), Add(10)]],
            Maps = ["SnapshotMap", "SnapshotMapOfObjects"],
        },
        new("SnapshotAfterSnapshot", "A map that is frozen already is written to while the next snapshot is taken.")
        {
            Setup = [Set(10, 100), ReadAll],
            Programs = [[ReadAll, ReadAll], [Set(10, 101), Set(11, 110)]],
            Maps = ["SnapshotMap", "SnapshotMapOfObjects"],
            Within = 3,
        },
        new("SnapshotInDeepTree", "A tree with branches: a snapshot while a writer changes one group in place and copies the way to another.")
        {
            Setup = [.. Enumerable.Range(100, 40).Select(key => Set(key, key)), ReadAll, Set(100, 1)],
            Programs = [[ReadAll], [Set(100, 2), Set(101, 3)]],
            Maps = ["SnapshotMap", "SnapshotMapOfObjects"],
            Within = 2,
        },

        new("Promotion", "Lookups of new keys make the dirty part the read part, while keys are stored in both.")
        {
            // Ten is in the read part, eleven in the dirty one.
            Setup = [Set(10, 100), ReadAll, Set(11, 110)],
            Programs = [[Get(11), Set(12, 120)], [Set(10, 101), Set(11, 111)]],
            Maps = ["SyncMap", "SyncMapOfObjects"],
        },
        new("ExpungedKeyComesBack", "A key that was left out of the dirty part is stored again, removed and looked up.")
        {
            // Ten was removed, and left out when eleven made a dirty part.
            Setup = [Set(10, 100), ReadAll, Take(10), Set(11, 110)],
            Programs = [[Set(10, 101), Take(10)], [Get(10), Set(10, 102)]],
            Maps = ["SyncMap", "SyncMapOfObjects"],
        },
        new("RemovalInDirtyPart", "A key of the dirty part is removed by one thread and stored by another, while the part may be promoted.")
        {
            Setup = [Set(10, 100), ReadAll, Set(11, 110), Set(12, 120)],
            Programs = [[Take(11), Get(11)], [Set(11, 111), Get(12)]],
            Maps = ["SyncMap", "SyncMapOfObjects"],
        },

        new("SplitVersusWriter", "A full block is split by one writer, while another adds a key to it; each looks what the other has added.")
        {
            // 32 keys, 10 to 72: the block is full.
            Setup = [.. Enumerable.Range(5, 32).Select(i => Set(2 * i, i))],
            Programs = [[Set(41, 1), Get(43)], [Set(43, 2), Get(41)]],
            Maps = ["OrderedMap", "OrderedMapOfObjects"],
        },
        new("SplitDuringIteration", "A full block is split while a loop goes through it.")
        {
            Setup = [.. Enumerable.Range(5, 32).Select(i => Set(2 * i, i))],
            Programs = [[ReadAll], [Set(41, 1), Take(70)]],
            Maps = ["OrderedMap", "OrderedMapOfObjects"],
            Within = 2,
        },
        new("MergeVersusWriter", "A block that is nearly empty is merged with the one behind it, while another writer works on that.")
        {
            // 33 keys are two blocks; one removal more, and what is left of the first is joined with the second.
            Setup = [.. Enumerable.Range(1, 33).Select(i => Set(i, i)), .. Enumerable.Range(1, 25).Select(Take)],
            Programs = [[Take(26), Get(34)], [Set(34, 340), Take(33)]],
            Maps = ["OrderedMap", "OrderedMapOfObjects"],
        },
        new("MergeDuringIteration", "Two blocks are merged while a loop goes from one to the other.")
        {
            Setup = [.. Enumerable.Range(1, 33).Select(i => Set(i, i)), .. Enumerable.Range(1, 25).Select(Take)],
            Programs = [[ReadAll], [Take(26), Set(34, 340)]],
            Maps = ["OrderedMap", "OrderedMapOfObjects"],
        },
        new("TombstoneInTheWay", "A key is removed and added anew while its old cell is still in the block, and a loop stands on it.")
        {
            Setup = [Set(10, 100), Set(11, 110)],
            Programs = [[Take(10)], [Set(10, 101), Get(10)], [ReadAll]],
            Maps = ["OrderedMap", "OrderedMapOfObjects"],
            Within = 2,
        },
    ];

    private static RacedStep Clear => new(HistoryVerb.Clear);

    private static RacedStep ReadAll => new(HistoryVerb.ReadAll);

    private static RacedStep Set(int key, long value) => new(HistoryVerb.Set, key, value);

    private static RacedStep Get(int key) => new(HistoryVerb.Get, key);

    private static RacedStep Take(int key) => new(HistoryVerb.Take, key);

    private static RacedStep Add(int key) => new(HistoryVerb.Add, key, 1);

    private static RacedStep Write(int key, long value, int other, long otherValue) =>
        new(HistoryVerb.SetAll) { Entries = new Dictionary<int, long> { [key] = value, [other] = otherValue } };

    private static RacedStep TryAdd(int key, long value) => new(HistoryVerb.TryAdd, key, value);

    private static RacedStep GetOrAdd(int key, long value) => new(HistoryVerb.GetOrAdd, key, value);

    private static RacedStep TryUpdate(int key, long value, long compared) => new(HistoryVerb.TryUpdate, key, value, compared);
}
