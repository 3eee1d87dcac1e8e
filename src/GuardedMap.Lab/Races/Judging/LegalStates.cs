namespace GuardedMaps.Lab;

/// <summary>
/// The states a key may be in without anything being wrong: absent, or present with one of some values. Nearly always
/// it is exactly one state, which is kept inline, since there is one of these for each key of each trial.
/// </summary>
internal struct LegalStates
{
    private bool _hasValue;
    private long _value;
    private List<long>? _more;

    public bool MayBeAbsent { get; private set; }

    public readonly bool MayBePresent => _hasValue;

    public readonly bool IsEmpty => !MayBeAbsent && !_hasValue;

    public readonly bool Allows(long value) => _hasValue && (_value == value || (_more is not null && _more.Contains(value)));

    public void Clear() => this = default;

    public void AddAbsent() => MayBeAbsent = true;

    public void AddValue(long value)
    {
        if (!_hasValue)
        {
            _hasValue = true;
            _value = value;
        }
        else if (!Allows(value))
        {
            (_more ??= []).Add(value);
        }
    }

    public void AddAll(in LegalStates other)
    {
        if (other.MayBeAbsent) AddAbsent();
        if (!other._hasValue) return;
        AddValue(other._value);
        if (other._more is null) return;
        foreach (long value in other._more) AddValue(value);
    }
}
