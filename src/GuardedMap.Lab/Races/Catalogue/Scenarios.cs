using static GuardedMaps.Lab.ScheduleOutcomeKind;

namespace GuardedMaps.Lab;

// The catalogue. Each scenario is one program: Setup fills the map, each of Programs is what one actor does. What is said of endings is for the guarded map,
// access by access and within three preemptions: with no protection, with Go's writer flag, and (where it is not "clean or refused") under the guard.

/// <summary>The scenarios of the race lab.</summary>
internal static class Scenarios
{
    private static readonly string[] s_waiting = ["GuardedMapSynchronized", "GuardedMapReport"];
    private static readonly string[] s_guarded = ["GuardedMapNone", "GuardedMapFlag", "GuardedMap", .. s_waiting];
    private static readonly string[] s_snapshots = ["SnapshotMap", "SnapshotMapOfObjects"];
    private static readonly string[] s_syncs = ["SyncMap", "SyncMapOfObjects"];
    private static readonly string[] s_ordered = ["OrderedMap", "OrderedMapOfObjects"];

    /// <summary>All scenarios, in the order in which they are best read.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("WriteDuringIteration",
            "One actor iterates over the map while another inserts a key, and then changes the value of one that is there. The table itself may survive, but the loop may show the change "
            + "without the insertion before it: a state that never was, and a total that was never true; and where entries move when a table grows, an entry twice or not at all. Go stops the "
            + "whole program with 'concurrent map iteration and map write' if it notices, Java and .NET's Hashtable raise an error at the next step, ConcurrentDictionary throws nothing "
            + "and promises nothing, Rust does not compile it. Seen as the error 'Collection was modified' in PowerShell scripts that list '$sync.Keys' while runspaces "
            + "report progress (PowerShell#24944).")
        {
            Version = 3,
            Setup = Tens(10, 11, 12),
            Programs = [[Iterate], [Set(13, 130), Set(10, 101)]],
            Actors = ["iterate", "Set 13, Set 10"],
            Expected = Ends(none: [Clean, NotLinearizable], flag: [Clean, Violation, NotLinearizable]),
            Describe = static ending => (ending.Actors[0].Records.Any(r => r is { Verb: Verb.Next, Key: 13 }), ending.Actors[0].Records.Any(r => r is { Verb: Verb.Next, Key: 10, Value: 101 })) switch
            {
                (false, false) => "the loop showed neither write",
                (true, false) => "the loop showed the new key, and not the change after it",
                (false, true) => "the loop showed the change, and not the new key before it",
                _ => "the loop showed both writes",
            },
            IsBestRaced = true,
            LooksFor = [MissedEntry, DuplicateEntry, TornValue, GhostEntry],
            DefaultOperations = 5_000,
            Within = 2,
        },
        new("DeleteDuringIteration",
            "One actor iterates, another removes a key and inserts a new one. The iteration reads the entry while it is taken out, or its place while it is used again: it yields a key whose "
            + "removal is over, the new key with the old value, or an entry with no key at all. Deleting inside a loop over a map is the oldest question of the "
            + "field; Go allows it to the loop itself, and nobody allows it to another thread. .NET's Dictionary lets a removal pass during an enumeration on purpose, and says nothing when "
            + "it comes from another thread. Seen in Pode's housekeeper, which removed expired sessions while requests listed them (Pode#1408), "
            + "and again when the copy that had repaired it was dropped in a refactoring (Pode#1780).")
        {
            Setup = Tens(10, 11, 12),
            Programs = [[Iterate], [Remove(11), Set(13, 130)]],
            Actors = ["iterate", "Remove 11, Set 13"],
            Expected = Ends(none: [Clean, StaleValue], flag: [Clean, Violation, StaleValue]),
            IsBestRaced = true,
            LooksFor = [MissedEntry, DuplicateEntry, TornValue, GhostEntry],
            DefaultOperations = 5_000,
            Within = 2,
        },
        new("GrowDuringIteration",
            "One actor iterates over a full bucket, another inserts the entry that makes the table double, so that every entry moves, and then changes an old one. An "
            + "iteration that follows live indexes meets entries twice or not at all; this map's walk goes over entries, which growth does not move, and so shows the "
            + "change and not the insertion before it: a state that never was.")
        {
            Version = 2,
            Setup = Tens(10, 11, 12, 13, 14, 15, 16, 17),
            Programs = [[Iterate], [Set(18, 180), Set(10, 101)]],
            Actors = ["iterate over 8", "Set the 9th, Set 10"],
            Expected = Ends(none: [Clean, NotLinearizable], flag: [Clean, Violation, NotLinearizable]),
            LooksFor = [MissedEntry, DuplicateEntry, TornValue],
            Within = 2,
        },
        new("TwoWriters",
            "Two actors fill one empty map, each with keys of its own, so neither ever touches what the other wrote. They meet in "
            + "the table all the same: both find the same slot free, or one writes into the old array while the other copies it "
            + "into a bigger one. The entry is gone, Count may say otherwise, and nothing is raised. A plain Hashtable may also "
            + "loop for ever. Seen wherever 'ForEach-Object -Parallel' collects its results in an @{}, and in Pester, whose "
            + "Dictionary was corrupted by parallel imports (pester#2901).")
        {
            Programs = [[Set(10, 100)], [Set(11, 110)]],
            Actors = ["Set 10, the map is empty", "Set 11, the map is empty"],
            Expected = Ends(none: [Clean, LostEntry, TornValue, DuplicateEntry, WrongCount, Crashed], flag: [Clean, Violation, LostEntry, WrongCount, Crashed, DuplicateEntry]),
            IsBestRaced = true,
            LooksFor = [LostEntry, WrongCount, DuplicateEntry, TornValue, BrokenTable],
            Within = 2,
        },
        new("TwoWritersSameBucket",
            "Two writers insert different keys whose bucket is the same. Both see the same free slot, both fill it, and both announce it: one entry is gone, or the "
            + "survivor lies under the other's tophash, where iteration shows it and no lookup finds it. Pester met the like in 2026, when parallel imports corrupted "
            + "a Dictionary (pester issue 2901).")
        {
            Setup = Tens(1),
            Programs = [[Set(10, 100)], [Set(11, 110)]],
            Actors = ["Set 10", "Set 11"],
            Expected = Ends(
                none: [Clean, LostEntry, WrongCount, TornValue, DuplicateEntry],
                flag: [Clean, Violation, LostEntry, WrongCount, DuplicateEntry]),
            LooksFor = [LostEntry, WrongCount],
            Within = 2,
        },
        new("TwoWritersSameKey",
            "Two writers insert the same key. Neither finds it, so both insert it: the key is in the map twice, or once with a count of two. A cache that is filled "
            + "on demand by several threads does exactly this.")
        {
            Setup = Tens(1),
            Programs = [[Set(10, 100)], [Set(10, 101)]],
            Actors = ["Set 10 to 100", "Set 10 to 101"],
            Expected = Ends(
                none: [Clean, DuplicateEntry, WrongCount],
                flag: [Clean, Violation, DuplicateEntry, WrongCount]),
            LooksFor = [DuplicateEntry, WrongCount],
            Within = 2,
        },
        new("LostUpdate",
            "Two actors run '$m['n']++' on one key: each reads the number, adds one and writes it back. If both reads come first, both write the same number and one "
            + "increment is gone. No map can notice that does not remember what each thread has read: a read and a write that do not "
            + "overlap are two legal operations, and what the program meant by them is not written anywhere. That holds for a "
            + "synchronized Hashtable and a ConcurrentDictionary, and it holds for GuardedMap: it raises an error where two "
            + "operations overlap in time, and is silently wrong where they do not. With DetectLostUpdates it remembers, and refuses the second write. The cure is one operation instead of two: "
            + "scenario AtomicUpdate. Seen with '($using:r).count += 1' (PowerShell#17914) and in most answers that "
            + "recommend a synchronized hashtable for counting.")
        {
            Setup = [Set(7, 0)],
            Programs = [[Get(7), SetRead(7)], [Get(7), SetRead(7)]],
            Actors = ["Get n, Set n", "Get n, Set n"],
            Grain = RaceGrain.Operation,
            Expected = Ends(
                none: [Clean, StaleValue],
                flag: [Clean, Violation, StaleValue],
                guarded: [Clean, Violation, StaleValue],
                detecting: [Clean, Violation],
                others: [Clean, StaleValue]),
            MustHold = [static ending => RaceChecks.NoIncrementIsLost(ending, key: 7)],
            Describe = static ending => RaceChecks.AreIncrements(ending) ? "both increments are there" : null,
            LooksFor = [LostUpdate],
            Remark = "No map can catch this one, guarded or not, that does not remember what each thread has read (DetectLostUpdates): a read and a write that do not overlap are two legal operations. Use one atomic operation instead; see AtomicUpdate.",
            DefaultOperations = 20_000,
            IsRepeated = true,
        },
        new("CheckThenAct",
            "Two actors fill a cache: each looks whether the key is there, finds nothing, and sets it. Both looked before either set: the second set buries the first, and who had "
            + "the first value goes on with one that is in no map. Like LostUpdate it is two legal operations, and the cure is one: GetOrAdd, TryAdd. A map that detects lost "
            + "updates refuses the second set.")
        {
            Setup = Tens(1),
            Programs = [[Get(7), Set(7, 100)], [Get(7), Set(7, 101)]],
            Actors = ["Get 7, Set 7 to 100", "Get 7, Set 7 to 101"],
            Grain = RaceGrain.Operation,
            Expected = Ends(
                none: [Clean, StaleValue, DuplicateEntry, WrongCount],
                flag: [Clean, Violation, StaleValue, DuplicateEntry, WrongCount],
                guarded: [Clean, Violation, StaleValue],
                detecting: [Clean, Violation],
                others: [Clean, StaleValue]),
            MustHold = [RaceChecks.NoSetBuriesAnother],
            LooksFor = [StaleValue],
        },
        new("AtomicUpdate",
            "The cure of LostUpdate: two actors count up one key by the map's own atomic operation (Increment here, AddOrUpdate on a ConcurrentDictionary). Reading, adding and "
            + "writing are one operation, so no other actor can come between. On a guarded map an increment that overlaps another is refused with an error and nothing is "
            + "added: the sum is exactly the number of increments that were acknowledged. Without protection it is as lost as before. Only targets that have such an operation can run it.")
        {
            Setup = [Set(7, 0)],
            Programs = [[Increment(7)], [Increment(7)]],
            Actors = ["Increment n", "Increment n"],
            Expected = Ends(none: [Clean, StaleValue], flag: [Clean, Violation, StaleValue]),
            LooksFor = [LostUpdate],
            DefaultOperations = 20_000,
            IsRepeated = true,
        },
        new("CountThenCopy",
            "One actor copies the map with LINQ's ToList while another adds and removes entries. ToList, OrderBy, new List and a collection "
            + "expression ask for Count, make an array of that length, and call CopyTo: two operations, and between them the map may change. "
            + "What was removed meanwhile is an entry without a key at the end of the copy; what was added makes an ArgumentException come out of "
            + "a map that is said to be safe. Seen in ConcurrentDictionary, whose own ToArray has no such gap (dotnet/runtime#120794).")
        {
            Setup = Tens(10, 11, 12),
            Programs = [[Copy], [Set(13, 130), Set(14, 140), Remove(13), Remove(14)]],
            Actors = ["Copy", "Set 13, Set 14, Remove 13, Remove 14"],
            Grain = RaceGrain.Operation,
            IsBestRaced = true,
            LooksFor = [GhostEntry, MissedEntry, TornValue],
            DefaultOperations = 4_000,
            IsRepeated = true,
        },
        new("TwoWritersGrowing",
            "The table is full, and two writers insert: both start to grow it, both publish a new array, both evacuate. Entries end in an array that nobody looks "
            + "at, or twice. Java's HashMap of before version 8 tied such chains into a ring, and a plain .NET Hashtable can loop for ever in its rehash.")
        {
            Setup = Tens(10, 11, 12, 13, 14, 15, 16, 17),
            Programs = [[Set(18, 180)], [Set(19, 190)]],
            Actors = ["Set the 9th", "Set the 10th"],
            Expected = Ends(
                none: [Clean, LostEntry, DuplicateEntry, WrongCount, TornValue, Crashed],
                flag: [Clean, Violation, LostEntry, DuplicateEntry, WrongCount, Crashed]),
            LooksFor = [LostEntry, WrongCount, DuplicateEntry, BrokenTable],
            Within = 2,
        },
        new("ReadDuringEvacuation",
            "One actor looks a key up, another makes the table grow. The lookup takes the control words of one generation of buckets and the entries of the next, "
            + "or looks into a bucket that is just being moved: the key is there all the time and is reported missing.")
        {
            Setup = Tens(10, 11, 12, 13, 14, 15, 16, 17),
            Programs = [[Get(13)], [Set(18, 180)]],
            Actors = ["Get 13", "Set the 9th"],
            Expected = Ends(none: [Clean, LostEntry], flag: [Clean, Violation, LostEntry]),
            Within = 2,
        },
        ResurrectedKey(),
        new("ClearVersusSet",
            "One actor inserts while another clears. The new entry is half inside: it is counted and not there, or there and not counted, or there although the map "
            + "was cleared after it.")
        {
            Setup = Tens(10, 11, 12),
            Programs = [[Set(13, 130)], [Clear]],
            Actors = ["Set 13", "Clear"],
            Expected = Ends(
                none: [Clean, LostEntry, WrongCount],
                flag: [Clean, Violation, LostEntry, WrongCount]),
            LooksFor = [LostEntry, WrongCount, GhostEntry],
            Within = 2,
        },
        new("ClearDuringIteration",
            "One actor iterates while another clears the map and fills it anew. The iteration is in the middle of a bucket whose entries are gone and replaced: it "
            + "yields what was never there together.")
        {
            Setup = Tens(10, 11, 12),
            Programs = [[Iterate], [Clear, Set(13, 130)]],
            Actors = ["iterate", "Clear, Set 13"],
            Expected = Ends(none: [Clean, TornValue, NotLinearizable], flag: [Clean, Violation, TornValue, NotLinearizable]),
            LooksFor = [TornValue, GhostEntry],
            Within = 2,
        },
        new("SharedIterator",
            "Two actors take entries from one iterator, as a work queue made of an enumerator does. Both copy its place, both go on from there, both put it back: "
            + "entries are handed out twice, or never. No map on the market looks after this; the guard lets one actor in at a time and refuses the other. (MoveNext is judged alone: to ask for Current afterwards is a second operation, between which and the first another may step.)")
        {
            Setup = Tens(10, 11, 12, 13),
            Programs = [[Next, Next], [Next, Next]],
            Actors = ["MoveNext, MoveNext", "MoveNext, MoveNext"],
            SharesIterator = true,
            Expected = Ends(none: [Clean, DuplicateEntry], flag: [Clean, DuplicateEntry], others: [Clean, Violation]),
            MustHold = [RaceChecks.NoEntryIsHandedOutTwice],
        },
        new("ResumedAfterDone",
            "An iteration has come to its end and is stepped again, after another actor has inserted. An iterator that simply wraps round begins anew and yields "
            + "everything twice. Here the end is final: whatever happens to the map, MoveNext stays false.")
        {
            Setup = Tens(10, 11, 12),
            Programs = [[Begin(IterationContract.FailFast), Finish, Next, Next], [Set(13, 130)]],
            Actors = ["iterate, MoveNext, MoveNext", "Set 13"],
            Naive = NaiveGuardKind.Wraps,
            Expected = Ends(none: [Clean], flag: [Clean, Violation], naive: [DuplicateEntry]),
            MustHold = [static ending => RaceChecks.TheEndIsFinal(ending, actor: 0)],
        },
        new("AbandonedIterator",
            "One actor begins an iteration whose end nobody can know, looks at one entry and walks away: PowerShell disposes no enumerator, so every break does "
            + "this. A map that counts its readers would be locked for good. Here such an iteration asks nothing of writers: the other actor's write succeeds, "
            + "whenever it comes.")
        {
            Setup = Tens(10, 11, 12),
            Programs = [[Begin(IterationContract.FailFast), Next], [Set(13, 130)]],
            Actors = ["MoveNext, then nothing", "Set 13"],
            Naive = NaiveGuardKind.ReaderCount,
            Expected = Ends(none: [Clean], flag: [Clean, Violation], naive: [Clean, Livelock]),
            MustHold = [static ending => RaceChecks.NoWriteIsRefusedButByAWriter(ending, actor: 1)],
        },
        new("NestedIteration",
            "One actor iterates, and within the loop iterates again; another inserts a key and changes one when the inner loop has ended. A guard that keeps one flag for 'somebody "
            + "iterates' has cleared it by then, and the outer loop is unprotected. Here every iteration has a lease of its own.")
        {
            Version = 3,
            Setup = Tens(10, 11),
            Programs = [[Begin(IterationContract.Reject), Next, Iterate, Finish], [Set(13, 130), Set(11, 111)]],
            Actors = ["iterate within iterate", "Set 13, Set 11"],
            Naive = NaiveGuardKind.OneFlag,
            Expected = Ends(none: [Clean, NotLinearizable], flag: [Clean, Violation, NotLinearizable], naive: [Clean, NotLinearizable]),
        },
        new("SnapshotVersusWriter",
            "One actor takes a snapshot and reads it, another moves money: it writes two entries, one after the other. A snapshot is one moment; it may show none, "
            + "the first, or both of the writes. Without protection the copy is made while the writer writes, and shows the second without the first.")
        {
            Setup = Tens(10, 11, 12, 13),
            Programs = [[Snapshot], [Set(10, 1), Set(13, 2)]],
            Actors = ["iterate a snapshot", "Set 10, Set 13"],
            Expected = Ends(none: [Clean, NotLinearizable], flag: [Clean, Violation, NotLinearizable]),
            Within = 2,
        },
        new("OwnerHandover",
            "A map belongs to the thread that made it, which writes without any atomic instruction, until another thread wants in. Here the owner writes while "
            + "another actor comes to write too: it takes the map away, and looks whether the owner is busy. The handshake must never let both in.")
        {
            Setup = Tens(1),
            Programs = [[Set(10, 100)], [Set(11, 110)]],
            Actors = ["Set 10 (owner)", "Set 11"],
            Owner = 0,
            Targets = s_guarded,
            Expected = Ends(
                none: [Clean, LostEntry, WrongCount, TornValue, DuplicateEntry],
                flag: [Clean, Violation, LostEntry, WrongCount, DuplicateEntry]),
        },
        new("WriteDuringForEach",
            "One actor goes through the map with C#'s foreach, another inserts a key and changes one. The loop's lease has no name: it is only counted, in the word that a writer swaps. So a writer that came "
            + "in between the look and the count, or a count that is not put back, would be the end of the map or of what the loop shows.")
        {
            Setup = Tens(10, 11),
            Version = 2,
            Programs = [[ForEach], [Set(12, 120), Set(11, 111)]],
            Actors = ["foreach", "Set 12, Set 11"],
            Targets = s_guarded,
            Expected = Ends(none: [Clean, NotLinearizable], flag: [Clean, Violation, NotLinearizable]),
        },
        new("TwoForEach",
            "Two actors go through the map with C#'s foreach, and one of them inserts a key when its loop is over. Loops do not disturb one another; but both count themselves in and out in one "
            + "word, and where counting is not one step the map stays locked for good: no writer is ever let in again.")
        {
            Setup = Tens(10),
            Programs = [[ForEach, Set(12, 120)], [ForEach]],
            Actors = ["foreach, Set 12", "foreach"],
            Targets = s_guarded,
            Expected = Ends(none: [Clean], flag: [Clean, Violation]),
        },
        new("ForEachOfOwner",
            "The thread that made the map goes through it with C#'s foreach, and counts its loop without any atomic instruction, as it writes. Another actor wants to write, takes the map away, "
            + "and must find the loop counted where it looks.")
        {
            Setup = Tens(10),
            Programs = [[ForEach, Set(12, 120)], [Set(13, 130)]],
            Actors = ["foreach, Set 12 (owner)", "Set 13"],
            Owner = 0,
            Targets = s_guarded,
            Expected = Ends(none: [Clean, LostEntry, WrongCount, TornValue, DuplicateEntry], flag: [Clean, Violation, LostEntry, WrongCount, DuplicateEntry]),
        },
        new("AddOrUpdateVersusSet", "One actor counts up a key by a function of what is there, another stores the key and counts it up as well.")
        {
            Setup = Tens(1),
            Programs = [[AddOrUpdate(7)], [Set(7, 70), AddOrUpdate(7)]],
            Targets = s_guarded,
            Expected = Ends(none: [Clean, StaleValue, DuplicateEntry, WrongCount], flag: [Clean, Violation, StaleValue, DuplicateEntry, WrongCount]),
        },
        new("ResizeVersusSet", "One actor makes room for more entries, so that all are moved at once; another stores a key and looks for one that is there all the time.")
        {
            Setup = Tens(10, 11),
            Programs = [[Resize(9)], [Set(12, 120), Get(10)]],
            Targets = s_guarded,
            Expected = Ends(none: [Clean, LostEntry, WrongCount], flag: [Clean, Violation, LostEntry, WrongCount]),
        },

        // With lookups beside the writes: what is answered tells more than what is left.
        new("StoreAndLook", "Two actors store the same new key in an empty map, and one of them looks what is there.")
        {
            Programs = [[Set(10, 100), Get(10)], [Set(10, 200)]],
            Expected = Ends(none: [Clean, LostEntry, TornValue, DuplicateEntry, WrongCount, Crashed], flag: [Clean, Violation, DuplicateEntry, WrongCount, Crashed]),
        },
        new("TwoWritersNeighbours", "Two actors store keys beside each other, between two that are there; each looks what the other has stored.")
        {
            Setup = [Set(10, 100), Set(13, 130)],
            Programs = [[Set(11, 110), Get(12)], [Set(12, 120), Get(11)]],
            Expected = Ends(none: [Clean, LostEntry, TornValue, WrongCount, DuplicateEntry], flag: [Clean, Violation, LostEntry, WrongCount, DuplicateEntry]),
        },
        new("ThreeIncrements", "Two actors count up one key that is not there, each by an operation of its own, one of them twice.")
        {
            Programs = [[Increment(10), Increment(10)], [Increment(10)]],
            Expected = Ends(none: [Clean, StaleValue, DuplicateEntry, Crashed], flag: [Clean, Violation, StaleValue, DuplicateEntry, Crashed]),
        },
        new("AddVersusRemove", "One actor removes a key and adds it anew; another looks, stores and removes it as well.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Remove(10), TryAdd(10, 101)], [Get(10), Remove(10)]],
            Expected = Ends(none: [Clean, StaleValue, WrongCount, LostEntry], flag: [Clean, Violation, StaleValue, WrongCount]),
        },
        new("ConditionalWrites", "Add if missing, replace if unchanged, get or add: three actors decide about one key.")
        {
            Setup = [Set(10, 100)],
            Programs = [[TryUpdate(10, 101, 100)], [Remove(10)], [GetOrAdd(10, 102)]],
            Expected = Ends(none: [Clean, StaleValue, WrongCount], flag: [Clean, Violation, StaleValue, WrongCount]),
            Within = 3,
        },
        new("RemoveVersusNeighbour", "One actor removes a key while another stores the next one and removes the one before.")
        {
            Setup = [Set(10, 100), Set(11, 110)],
            Programs = [[Remove(11), Get(12)], [Set(12, 120), Remove(10)]],
            Expected = Ends(none: [Clean, LostEntry, WrongCount, DuplicateEntry], flag: [Clean, Violation, LostEntry, WrongCount, DuplicateEntry]),
        },
        new("ReadersSeeOneOrder", "One actor stores two keys, one after the other; two others look them up in opposite orders.")
        {
            Programs = [[Set(10, 100), Set(11, 110)], [Get(11), Get(10)], [Get(10), Get(11)]],
            Expected = Ends(none: [Clean], flag: [Clean, Violation]),
            Within = 2,
        },
        new("ClearVersusOverwrite", "One actor stores and looks; another clears.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Set(10, 101), Get(10)], [Clear]],
            Expected = Ends(none: [Clean, WrongCount], flag: [Clean, Violation, WrongCount]),
        },
        new("ClearVersusUpdate", "One actor counts up a key, another clears and stores another.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Increment(10), Get(11)], [Clear, Set(11, 111)]],
            Expected = Ends(none: [Clean, LostEntry, TornValue, StaleValue, WrongCount, DuplicateEntry], flag: [Clean, Violation, LostEntry, TornValue, StaleValue, WrongCount, DuplicateEntry]),
        },
        new("ChangeDuringIteration", "One actor iterates; another stores a new key and a new value for the last one.")
        {
            Setup = [Set(10, 100), Set(12, 120)],
            Programs = [[Iterate], [Set(11, 110), Set(12, 121)]],
            Expected = Ends(none: [Clean, NotLinearizable], flag: [Clean, Violation, NotLinearizable]),
            LooksFor = [MissedEntry, DuplicateEntry, StaleValue],
            DefaultOperations = 5_000,
        },
        new("DeleteTwoDuringIteration", "One actor iterates; another removes the key it may stand on, and the next.")
        {
            Setup = [Set(10, 100), Set(11, 110), Set(12, 120)],
            Programs = [[Iterate], [Remove(10), Remove(11)]],
            Expected = Ends(none: [Clean, NotLinearizable], flag: [Clean, Violation, NotLinearizable]),
        },

        // About what one kind of map does inside.
        new("SnapshotVersusInsert", "A snapshot is taken while a writer makes two writes in place, one of them the first of a key.")
        {
            // The second key of the setup is added in place: how many entries there are stands in what was announced, and no more in the root.
            Version = 2,
            Setup = [Set(9, 90), Set(10, 100)],
            Programs = [[Snapshot], [Set(10, 101), Set(11, 110)]],
            Targets = s_snapshots,
        },
        new("SnapshotVersusRemoval", "A snapshot is taken while a writer removes a key and stores it anew.")
        {
            Setup = [Set(10, 100), Set(11, 110)],
            Programs = [[Snapshot], [Remove(10), Set(10, 101)]],
            Targets = s_snapshots,
        },
        new("TwoSnapshots", "Two snapshots are taken while a writer stores; the later one must not be the older.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Snapshot, Get(10)], [Snapshot], [Set(10, 101)]],
            Targets = s_snapshots,
            Within = 2,
        },
        new("BatchVersusSnapshot", "A batch of two writes, while one actor takes a snapshot and another looks the keys up.")
        {
            Setup = [Set(10, 100)],
            Programs = [[Snapshot], [Write(10, 101, 11, 110)], [Get(11), Get(10)]],
            Targets = s_snapshots,
            Within = 2,
        },
        new("BatchVersusWriter", "A batch of two writes, and another actor's writes of the same keys.")
        {
            Setup = [Set(10, 100), Snapshot],
            Programs = [[Write(10, 101, 11, 110), Get(10)], [Set(11, 111), Increment(10)]],
            Targets = s_snapshots,
        },
        new("SnapshotAfterSnapshot", "A map that is frozen already is written to while the next snapshot is taken.")
        {
            Setup = [Set(10, 100), Snapshot],
            Programs = [[Snapshot, Snapshot], [Set(10, 101), Set(11, 110)]],
            Targets = s_snapshots,
            Within = 3,
        },
        new("SnapshotInDeepTree", "A tree with branches: a snapshot while a writer changes one group in place and copies the way to another.")
        {
            Setup = [.. Enumerable.Range(100, 40).Select(key => Set(key, key)), Snapshot, Set(100, 1)],
            Programs = [[Snapshot], [Set(100, 2), Set(101, 3)]],
            Targets = s_snapshots,
            Within = 2,
        },
        new("Promotion", "Lookups of new keys make the dirty part the read part, while keys are stored in both.")
        {
            // Ten is in the read part, eleven in the dirty one.
            Setup = [Set(10, 100), Iterate, Set(11, 110)],
            Programs = [[Get(11), Set(12, 120)], [Set(10, 101), Set(11, 111)]],
            Targets = s_syncs,
        },
        new("ExpungedKeyComesBack", "A key that was left out of the dirty part is stored again, removed and looked up.")
        {
            // Ten was removed, and left out when eleven made a dirty part.
            Setup = [Set(10, 100), Iterate, Remove(10), Set(11, 110)],
            Programs = [[Set(10, 101), Remove(10)], [Get(10), Set(10, 102)]],
            Targets = s_syncs,
        },
        new("RemovalInDirtyPart", "A key of the dirty part is removed by one actor and stored by another, while the part may be promoted.")
        {
            Setup = [Set(10, 100), Iterate, Set(11, 110), Set(12, 120)],
            Programs = [[Remove(11), Get(11)], [Set(11, 111), Get(12)]],
            Targets = s_syncs,
        },
        new("SplitVersusWriter", "A full block is split by one writer, while another adds a key to it; each looks what the other has added.")
        {
            // 32 keys, 10 to 72: the block is full.
            Setup = [.. Enumerable.Range(5, 32).Select(i => Set(2 * i, i))],
            Programs = [[Set(41, 1), Get(43)], [Set(43, 2), Get(41)]],
            Targets = s_ordered,
        },
        new("SplitDuringIteration", "A full block is split while a loop goes through it.")
        {
            Setup = [.. Enumerable.Range(5, 32).Select(i => Set(2 * i, i))],
            Programs = [[Iterate], [Set(41, 1), Remove(70)]],
            Targets = s_ordered,
            Within = 2,
        },
        new("MergeVersusWriter", "A block that is nearly empty is merged with the one behind it, while another writer works on that.")
        {
            // 33 keys are two blocks; one removal more, and what is left of the first is joined with the second.
            Setup = [.. Enumerable.Range(1, 33).Select(i => Set(i, i)), .. Enumerable.Range(1, 25).Select(Remove)],
            Programs = [[Remove(26), Get(34)], [Set(34, 340), Remove(33)]],
            Targets = s_ordered,
        },
        new("MergeDuringIteration", "Two blocks are merged while a loop goes from one to the other.")
        {
            Setup = [.. Enumerable.Range(1, 33).Select(i => Set(i, i)), .. Enumerable.Range(1, 25).Select(Remove)],
            Programs = [[Iterate], [Remove(26), Set(34, 340)]],
            Targets = s_ordered,
        },
        new("TombstoneInTheWay", "A key is removed and added anew while its old cell is still in the block, and a loop stands on it.")
        {
            Setup = [Set(10, 100), Set(11, 110)],
            Programs = [[Remove(10)], [Set(10, 101), Get(10)], [Iterate]],
            Targets = s_ordered,
            Within = 2,
        },
        new("WriterFlag",
            "Not a map but its watchman: two writers, a flag, and three ways of setting it. Which overlaps are noticed, and by whom? Setting and clearing misses more than half of them, Go's toggling "
            + "one in eighty, and one compare-and-swap none.")
        {
            Programs = [[Set(0, 1)], [Set(0, 2)]],
            Actors = ["writer A", "writer B"],
            Targets = [.. Enum.GetNames<WriterFlagWay>()],
            HandMade = static way => new WriterFlagModel(Enum.Parse<WriterFlagWay>(way)),
        },
    ];

    private static Operation Clear => new(Verb.Clear);

    private static Operation Copy => new(Verb.Copy);

    private static Operation Iterate => new(Verb.Iterate);

    private static Operation Snapshot => new(Verb.Iterate) { Contract = IterationContract.Snapshot };

    private static Operation ForEach => new(Verb.ForEach);

    private static Operation Next => new(Verb.Next);

    private static Operation Finish => new(Verb.Finish);

    private static Operation Begin(IterationContract contract) => new(Verb.Begin) { Contract = contract };

    private static Operation Set(int key, long value) => new(Verb.Set, key, value);

    private static Operation SetRead(int key) => new(Verb.SetRead, key, 1);

    private static Operation Get(int key) => new(Verb.Get, key);

    private static Operation Remove(int key) => new(Verb.Remove, key);

    private static Operation Increment(int key) => new(Verb.Increment, key, 1);

    private static Operation AddOrUpdate(int key) => new(Verb.AddOrUpdate, key, 1);

    private static Operation Resize(int entries) => new(Verb.Resize, Value: entries);

    private static Operation Write(int key, long value, int other, long otherValue) =>
        new(Verb.SetAll) { Entries = new Dictionary<int, long> { [key] = value, [other] = otherValue } };

    private static Operation TryAdd(int key, long value) => new(Verb.TryAdd, key, value);

    private static Operation GetOrAdd(int key, long value) => new(Verb.GetOrAdd, key, value);

    private static Operation TryUpdate(int key, long value, long compared) => new(Verb.TryUpdate, key, value, compared);

    /// <summary>Some keys, each with ten times itself as its value.</summary>
    private static Operation[] Tens(params int[] keys) => [.. keys.Select(key => Set(key, key * 10))];

    private static Scenario ResurrectedKey()
    {
        // Four full enough buckets; the 21st entry starts the growth and moves buckets 0 and 2. Bucket 3 is left to the race.
        int[] shared = SteppedModel.KeysOfBucket(4, first: 10, bucket: 3, ofBuckets: 4);
        int[] last = SteppedModel.KeysOfBucket(6, first: 100, bucket: 2, ofBuckets: 4);
        return new("ResurrectedKey",
            "The table is growing, and both actors are to move the same old bucket: one by inserting, the other by removing a key. If the entry is copied, then "
            + "removed, then the copy is published, the key is back although its removal was acknowledged. A session that was ended and lives on is this.")
        {
            Version = 2,
            Setup = Tens(
            [
                .. SteppedModel.KeysOfBucket(6, first: 100, bucket: 0, ofBuckets: 4), .. SteppedModel.KeysOfBucket(6, first: 100, bucket: 1, ofBuckets: 4),
                .. last[..5], .. shared[..3], last[5],
            ]),
            Programs = [[Set(shared[3], shared[3] * 10)], [Remove(shared[1])]],
            Actors = ["Set (evacuates)", "Remove 12"],
            Targets = s_guarded,
            Expected = Ends(
                none: [Clean, LostEntry, WrongCount, StaleValue, Crashed, DuplicateEntry],
                flag: [Clean, Violation, LostEntry, WrongCount, StaleValue, Crashed]),
        };
    }

    private static Dictionary<string, IReadOnlyList<ScheduleOutcomeKind>> Ends(
        ScheduleOutcomeKind[] none, ScheduleOutcomeKind[] flag, ScheduleOutcomeKind[]? guarded = null, ScheduleOutcomeKind[]? naive = null, ScheduleOutcomeKind[]? detecting = null, ScheduleOutcomeKind[]? others = null)
    {
        var ends = new Dictionary<string, IReadOnlyList<ScheduleOutcomeKind>>(StringComparer.OrdinalIgnoreCase)
        {
            ["GuardedMapNone"] = none,
            ["GuardedMapFlag"] = flag,
            ["GuardedMap"] = guarded ?? [Clean, Violation],
        };
        if (naive is not null) ends.Add("GuardedMapNaive", naive);
        if (detecting is not null) ends.Add("GuardedMapDetecting", detecting);
        foreach (string kind in others is null ? [] : (string[])[.. s_waiting, .. s_snapshots, .. s_syncs, .. s_ordered]) ends.Add(kind, others!);
        return ends;
    }
}
