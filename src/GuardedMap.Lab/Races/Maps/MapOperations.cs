using System.Diagnostics;

namespace GuardedMaps.Lab;

/// <summary>Makes operations on a map, each as one call.</summary>
internal static class MapOperations
{
    /// <summary>Makes one operation and records its answer. A removal is recorded as <see cref="Verb.Take"/> where that is asked for and the map can say what it removed.</summary>
    public static RaceRecord Do(MapFace<int> map, Operation operation, bool takes = false)
    {
        var record = new RaceRecord { Verb = operation.Verb, Key = operation.Key, Value = operation.Value, Compared = operation.Compared, Found = true };
        switch (operation.Verb)
        {
            case Verb.Get:
                return With(record, map.Get(operation.Key));
            case Verb.Set:
                map.Set(operation.Key, operation.Value);
                return record;
            case Verb.Remove when takes:
                record.Verb = Verb.Take;
                return With(record, map.Take(operation.Key));
            case Verb.Remove:
                // A container that does not say whether the key was there is asked before; in whole operations nobody comes between.
                bool wasThere = map.RemoveAnswers || map.Get(operation.Key) is not null;
                record.Found = map.Remove(operation.Key) && wasThere;
                record.Value = 0;
                return record;
            case Verb.TryAdd:
                record.Found = map.TryAdd(operation.Key, operation.Value);
                return record;
            case Verb.TryUpdate:
                record.Found = map.TryUpdate(operation.Key, operation.Value, operation.Compared);
                return record;
            case Verb.GetOrAdd:
                record.Result = map.GetOrAdd(operation.Key, operation.Value);
                return record;
            case Verb.Increment:
                record.Value = map.Increment(operation.Key, operation.Value);
                return record;
            case Verb.Clear:
                map.Clear();
                return record;
            case Verb.Count:
                record.Value = map.Count;
                return record;
            case Verb.Iterate:
                record.Value = map.Entries().Count();
                return record;
            default:
                throw new UnreachableException(operation.Verb.ToString());
        }
    }

    private static RaceRecord With(RaceRecord record, long? found)
    {
        (record.Found, record.Value) = (found is not null, found ?? 0);
        return record;
    }
}
