using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Fills one map from whatever <c>New-GuardedMap</c> is given: dictionaries, their entries, or objects with a key property.</summary>
/// <remarks>
/// <para>
/// Two rules decide what an unfit object does. An object that has no usable key or value is left out with an error of its own and the rest
/// goes on: one bad file must not cost the other ten thousand. A <em>dictionary</em> that means two entries by one key of the map
/// makes no map at all: a dictionary has no order, so "the last one wins" would be a different map each time.
/// </para>
/// <para>
/// Where not one of the first few dozen objects fits, none will: the property's name is misspelt, or missing. One error that ends it is then worth
/// more than a million that do not.
/// </para>
/// <para>
/// Objects do have an order, and with them the last one wins, as in the loop <c>foreach ($o in $objects) { $h[$o.Name] = $o }</c> that this
/// replaces. Whether a key was there is seen from the count, which costs nothing, instead of a second lookup per object.
/// </para>
/// <para>
/// Keys and values wait in a list until some hundred thousand have come, and are then stored in one go. A pipeline allocates for each
/// object, so the collector runs often, and each time it would have to look through the whole table for what the last few thousand
/// writes have scattered over it; the list it has to look through at its end only. (Of a million objects that is a fifth of the time.) With -Verbose
/// each is stored at once, since each may have something to say.
/// </para>
/// </remarks>
internal sealed class MapBuilder(MapSpecification specification, string? keyProperty, string? valueProperty, Action<ErrorRecord> report, Action<string>? verbose)
{
    private const int MostWaiting = 1 << 18;
    private const int Sample = 1 << 12;
    private const int GiveUpAfter = 25;

    private readonly ErrorList _errors = ErrorList.Current;
    private readonly Type? _keyType = specification.KeyType is { } k && k != typeof(object) ? k : null;
    private readonly Type? _valueType = specification.ValueType is { } v && v != typeof(object) ? v : null;

    private readonly PropertyReader? _key = keyProperty is null ? null : new PropertyReader(keyProperty);
    private readonly PropertyReader? _value = valueProperty is null ? null : new PropertyReader(valueProperty);

    private readonly List<KeyValuePair<object, object?>> _waiting = [];
    private int _refused;

    /// <summary>The map being filled. What waits is not in it yet.</summary>
    public IMap Map { get; } = specification.Make();

    /// <summary>Looks after whoever waits for the map.</summary>
    public BuildWatch? Watch { get; init; }

    /// <summary>Stores what waits, and gives the map.</summary>
    public IMap Finish()
    {
        Store();
        // An iteration puts all keys of a SyncMap into its read part, where lookups cost least.
        if (Map.Kind == MapKind.Sync) Map.Iterate().Dispose();
        Watch?.Complete();
        return Map;
    }

    /// <summary>Stores one object of the pipeline.</summary>
    /// <exception cref="MapBuildException">The object is a dictionary whose keys collide, or nothing has fitted so far.</exception>
    public void Add(object? input)
    {
        Watch?.Count();
        if (InputReader.Bare(input) is not { } bare) Refuse(Errors.NullInput(input));
        else if (keyProperty is not null) AddByProperty(input!);
        else if (bare is IDictionary dictionary) AddDictionary(dictionary);
        else if (InputReader.TryReadEntry(bare, out object? key, out object? value)) AddConverted(input!, key, value, property: null);
        else Refuse(Errors.InputNeedsKeyProperty(input!));
    }

    private void Refuse(ErrorRecord problem)
    {
        report(problem);
        if (++_refused == GiveUpAfter && _waiting.Count == 0 && Map.Count == 0) throw new MapBuildException(Errors.NoInputFits(problem, GiveUpAfter));
    }

    private void AddByProperty(object input)
    {
        if (!TryRead(input, _key!, keyProperty!, out object? key, out bool exists))
        {
            if (!exists) Refuse(Errors.KeyPropertyNotFound(input, keyProperty!));
            return;
        }

        object? value = InputReader.Bare(input);
        if (key is not null && _value is not null && !TryRead(input, _value, valueProperty!, out value, out exists))
        {
            if (!exists) Refuse(Errors.ValuePropertyNotFound(input, valueProperty!, key));
            return;
        }

        AddConverted(input, key, value, keyProperty);
    }

    private bool TryRead(object input, PropertyReader reader, string property, out object? value, out bool exists)
    {
        object? newest = _errors.Newest;
        try
        {
            return exists = reader.TryRead(input, out value);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // It is reported here, so PowerShell's own note of it goes.
            _errors.ForgetSince(newest);
            Refuse(Errors.PropertyUnreadable(input, property, e.InnerException ?? e));
            value = null;
            exists = true;
            return false;
        }
    }

    private void AddConverted(object input, object? key, object? value, string? property)
    {
        if (!TryConvert(input, ref key, ref value, property)) return;
        if (verbose is null)
        {
            _waiting.Add(new(key!, value));
            if (_waiting.Count == MostWaiting) Store();
            return;
        }

        int count = Map.Count;
        if (TryStore(input, key!, value) && Map.Count == count)
            verbose(string.Create(CultureInfo.CurrentCulture, $"The key '{key}' was there already; its value is now that of {Errors.Describe(input)}."));
    }

    private void Store()
    {
        int before = Map.Count;
        int stored = 0;
        foreach ((object key, object? value) in _waiting)
        {
            // Where the first few thousand keys were new ones the rest will be: make room for them at once. (Where they repeat it would be wasted.)
            if (++stored == Sample && Map.Count - before > Sample / 2 && Map is GuardedMap map) map.EnsureCapacity(Map.Count + _waiting.Count - stored);
            TryStore(key, key, value);
        }

        _waiting.Clear();
    }

    // Whether a key has an order an ordered map finds out when it compares it: some types say they have one and refuse then.
    private bool TryStore(object input, object key, object? value)
    {
        try
        {
            Map[key] = value;
            return true;
        }
        catch (KeyOrderException e)
        {
            Refuse(Errors.KeyHasNoOrder(input, e));
            return false;
        }
    }

    private void AddDictionary(IDictionary dictionary)
    {
        Store();
        // A key that was there before this dictionary may be replaced; one that came from it may not. The count tells them apart
        // only while the map holds nothing else.
        HashSet<object>? own = Map.Count == 0 ? null : new HashSet<object>(specification.KeyRule);
        IDictionaryEnumerator entries = dictionary.GetEnumerator();
        using var disposal = entries as IDisposable;
        while (entries.MoveNext())
        {
            Watch?.Count();
            object? key = InputReader.Bare(entries.Key);
            object? value = InputReader.Bare(entries.Value);
            if (!TryConvert(dictionary, ref key, ref value, property: null)) continue;
            int before = Map.Count;
            if (!TryStore(dictionary, key!, value)) continue;
            bool there = Map.Count == before;
            if (own is null ? there : !own.Add(key!)) throw Collision(dictionary, entries.Key);
            if (there) verbose?.Invoke(string.Create(CultureInfo.CurrentCulture, $"The key '{key}' was there already; its value is now that of a later dictionary."));
        }
    }

    private bool TryConvert(object input, ref object? key, ref object? value, string? property)
    {
        if (key is null)
        {
            Refuse(Errors.NullKey(input, property));
            return false;
        }

        object given = key;
        try
        {
            if (_keyType is not null) key = LanguagePrimitives.ConvertTo(key, _keyType, CultureInfo.InvariantCulture);
        }
        catch (PSInvalidCastException e)
        {
            Refuse(Errors.KeyConversionFailed(input, given, _keyType!, e));
            return false;
        }

        try
        {
            if (_valueType is not null) value = LanguagePrimitives.ConvertTo(value, _valueType, CultureInfo.InvariantCulture);
        }
        catch (PSInvalidCastException e)
        {
            Refuse(Errors.ValueConversionFailed(input, given, _valueType!, e));
            return false;
        }

        if (key is null)
        {
            Refuse(Errors.NullKey(input, property));
            return false;
        }

        // PowerShell's own objects say that they can be compared, and fail when they are.
        if (specification.Kind != MapKind.Ordered || key is not PSObject) return true;
        Refuse(Errors.KeyHasNoOrder(input, new KeyOrderException(typeof(PSCustomObject))));
        return false;
    }

    private MapBuildException Collision(IDictionary dictionary, object second)
    {
        object first = dictionary.Keys.Cast<object>().First(k => !ReferenceEquals(k, second) && specification.KeyRule.Equals(Convert(k), Convert(second)));
        return new MapBuildException(Errors.KeyCollision(dictionary, first, second));
    }

    private object? Convert(object key) =>
        _keyType is null ? InputReader.Bare(key) : LanguagePrimitives.TryConvertTo(InputReader.Bare(key), _keyType, CultureInfo.InvariantCulture, out object? converted) ? converted : null;
}
