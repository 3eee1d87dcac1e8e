using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// A key's value in a map whose readers take no lock: here it lies, and here it is replaced and removed, each by one atomic step.
//
//                 _item                                     _word
//     reference   the value, or a mark                      -                         string, object, a list
//     word        this life, or null                        the value, or a mark      int, long, double, an enum, DateTime
//     wide        a box with the value, or a mark           -                         decimal, Guid, structs of the caller's
//
//     marks: Removed (the key may come back into this cell), Gone (never again: a new cell is to be made)
//
// References and boxes are swapped by compare-and-swap on _item alone; what is decided of a value depends on nothing but the value, so it
// does no harm if it went away and came back meanwhile. Nothing is boxed for a reference: a read is one load.
//
// A word needs two fields, because every number may be a value, and no instruction that .NET offers swaps both. So writers of a word hold the cell's
// own lock, for a few instructions in which nothing foreign runs (the equality of these types is the framework's). Readers never look at
// that lock:
//
//     reader                          writers, one at a time
//     1  item  = _item                update    _word = value                            while _item is a life
//     2  word  = _word                remove    _item = null, then _word = a mark        while _item is a life
//     3  again = _item                add       _word = value, then _item = a new life   while _item is null and _word says Removed
//        same? word is the answer
//        else from 2 with again
//
// If 1 and 3 see the same life, no removal came between: a life never comes back, it is an object made for one addition (the first one's
// is shared, but a cell has only one first). So the key was there at 2, and word was its value then: 2 is the moment at which the read
// took place. Without 3, a reader that stops between 1 and 2 could bring home a mark, or the value of an addition that is not yet published, and the
// next reader would find the key missing. Null at 1 or 3 is the answer as well: not there. A reader goes round again only when the key was removed
// and added meanwhile, so it waits for nobody: whoever is suspended between its two stores leaves _item at null, which is an answer.
//
// The order of the accesses is fixed by their acquire and release; each store ends in a full fence, so that a thread that has
// written here sees elsewhere what was written there before: operations on several keys are linearizable too, not only those on one.

/// <summary>What is there instead of a value.</summary>
internal static class CellMark
{
    /// <summary>The value was removed; it may come back.</summary>
    public static readonly object Removed = new();

    /// <summary>The value was removed for good; for another one there must be another cell.</summary>
    public static readonly object Gone = new();

    /// <summary>The life of a word that has not been removed since the cell was made.</summary>
    public static readonly object FirstLife = new();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(object? item) => ReferenceEquals(item, Removed) || ReferenceEquals(item, Gone);

    /// <summary>A mark as it lies in a word.</summary>
    public static long Word(object mark) => ReferenceEquals(mark, Gone) ? 1 : 0;
}

/// <summary>The place of one key's value.</summary>
internal class ValueCell<TValue>
{
    private object? _item;
    private long _word;

    /// <summary>Makes a cell that holds a value.</summary>
    protected ValueCell(TValue value)
    {
        if (IsWord)
        {
            _word = Bits(value);
            _item = CellMark.FirstLife;
        }
        else
        {
            _item = Item(value);
        }
    }

    /// <summary>True when no value will ever be here again.</summary>
    public bool IsGone => IsWord ? IsMarkedWord(CellMark.Gone) : ReferenceEquals(Volatile.Read(ref _item), CellMark.Gone);

    private static bool IsWord
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(TValue).IsValueType && WordValue<TValue>.Fits;
    }

    /// <summary>The value, if one is there. Never waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet([MaybeNullWhen(false)] out TValue value)
    {
        object? item = Volatile.Read(ref _item);
        if (!IsWord)
        {
            bool exists = !CellMark.Is(item);
            value = exists ? Value(item) : default;
            return exists;
        }

        while (item is not null)
        {
            long word = Volatile.Read(ref _word);
            object? again = Volatile.Read(ref _item);
            if (ReferenceEquals(item, again))
            {
                value = Unsafe.As<long, TValue>(ref word);
                return true;
            }

            item = again;
        }

        value = default;
        return false;
    }

    /// <summary>Makes a change. False if the cell is gone: nothing was asked, nothing was done.</summary>
    /// <param name="change">What to make of the value.</param>
    /// <param name="added">Whether there was no value before, and now there is.</param>
    /// <param name="result">The value that is there now, and whether it was stored by this.</param>
    public bool TryChange<TChange>(ref TChange change, out bool added, out (TValue Value, bool Stored) result)
        where TChange : struct, IValueChange<TValue>
    {
        if (IsWord) return TryChangeWord(ref change, out added, out result);
        while (true)
        {
            added = false;
            object? item = Volatile.Read(ref _item);
            if (ReferenceEquals(item, CellMark.Gone))
            {
                result = default;
                return false;
            }

            bool exists = !ReferenceEquals(item, CellMark.Removed);
            bool stores = change.Decide(exists, exists ? Value(item) : default, out var value);
            result = (value, stores);
            if (!stores) return true;
            if (!ReferenceEquals(Interlocked.CompareExchange(ref _item, Item(value), item), item)) continue;
            added = !exists;
            return true;
        }
    }

    /// <summary>Takes the value away, if asked only while it is a certain one. Of several that try one succeeds: that is the moment it is gone.</summary>
    protected bool Remove(object mark, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        if (IsWord) return RemoveWord(mark, hasComparison, comparison, out value);
        while (true)
        {
            object? item = Volatile.Read(ref _item);
            if (CellMark.Is(item) || (hasComparison && !EqualityComparer<TValue>.Default.Equals(Value(item), comparison)))
            {
                value = default;
                return false;
            }

            if (!ReferenceEquals(Interlocked.CompareExchange(ref _item, mark, item), item)) continue;
            value = Value(item);
            return true;
        }
    }

    /// <summary>Puts one mark in the place of another. False if that was not there.</summary>
    protected bool Replace(object mark, object by)
    {
        if (!IsWord) return ReferenceEquals(Interlocked.CompareExchange(ref _item, by, mark), mark);
        if (Volatile.Read(ref _item) is not null) return false;
        using (Uninterrupted.Lock(this))
        {
            if (_item is not null || _word != CellMark.Word(mark)) return false;
            Volatile.Write(ref _word, CellMark.Word(by));
            return true;
        }
    }

    /// <summary>Puts an end to whatever is there. True if it was a value.</summary>
    protected bool End()
    {
        if (!IsWord) return !CellMark.Is(Interlocked.Exchange(ref _item, CellMark.Gone));
        using (Uninterrupted.Lock(this))
        {
            bool exists = Interlocked.Exchange(ref _item, null) is not null;
            Volatile.Write(ref _word, CellMark.Word(CellMark.Gone));
            return exists;
        }
    }

    private bool TryChangeWord<TChange>(ref TChange change, out bool added, out (TValue Value, bool Stored) result)
        where TChange : struct, IValueChange<TValue>
    {
        (added, result) = (false, default);
        using (Uninterrupted.Lock(this))
        {
            bool exists = _item is not null;
            if (!exists && _word == CellMark.Word(CellMark.Gone)) return false;
            bool stores = change.Decide(exists, exists ? Unsafe.As<long, TValue>(ref _word) : default, out var value);
            result = (value, stores);
            if (!stores) return true;
            object? life = exists ? null : new object();
            Interlocked.Exchange(ref _word, Bits(value));
            if (exists) return true;
            // Until the life is there the word is a value that nobody reads; whoever looks for a mark holds the lock.
            Interlocked.Exchange(ref _item, life);
            added = true;
            return true;
        }
    }

    private bool RemoveWord(object mark, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        using (Uninterrupted.Lock(this))
        {
            if (_item is null) return false;
            var present = Unsafe.As<long, TValue>(ref _word);
            if (hasComparison && !EqualityComparer<TValue>.Default.Equals(present, comparison)) return false;
            Interlocked.Exchange(ref _item, null);
            Volatile.Write(ref _word, CellMark.Word(mark));
            value = present;
            return true;
        }
    }

    private bool IsMarkedWord(object mark)
    {
        if (Volatile.Read(ref _item) is not null) return false;
        using (Uninterrupted.Lock(this))
        {
            return _item is null && _word == CellMark.Word(mark);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TValue Value(object? item) => typeof(TValue).IsValueType ? Unsafe.As<Box>(item)!.Value : Unsafe.As<object?, TValue>(ref item);

    private static object? Item(TValue value) => typeof(TValue).IsValueType ? new Box(value) : value;

    // The same bytes are written and read, so what the others hold and where they lie does not matter.
    private static long Bits(TValue value)
    {
        long bits = 0;
        Unsafe.As<long, TValue>(ref bits) = value;
        return bits;
    }

    private sealed class Box(TValue value)
    {
        public TValue Value => value;
    }
}

/// <summary>Which values are words: at most 64 bits, no references, and compared by the framework's own code, which may run under a lock.</summary>
internal static class WordValue<TValue>
{
    public static readonly bool Fits = Unsafe.SizeOf<TValue>() <= sizeof(long) && IsFrameworks(typeof(TValue));

    private static bool IsFrameworks(Type type) =>
        type.IsPrimitive || type.IsEnum
        || type == typeof(DateTime) || type == typeof(TimeSpan) || type == typeof(DateOnly) || type == typeof(TimeOnly)
        || type == typeof(Half) || type == typeof(System.Text.Rune);
}
