namespace GuardedMaps.Bench.Bdn;

/// <summary>One subject and its keys, behind one virtual call per invocation.</summary>
internal abstract class Workload
{
    private const int LeastKeys = 65_536;

    /// <summary>How often an invocation repeats its pass, so that the call to it weighs nothing at small sizes.</summary>
    protected static int PassesFor(int size) => Math.Max(1, LeastKeys / size);

    public static long KeysPerInvocation(int size) => (long)PassesFor(size) * size;

    public abstract long Hit();

    public abstract long Miss();

    public abstract void Update();

    public abstract object Insert();

    /// <summary>Fills the maps that the next <see cref="Remove"/> empties.</summary>
    public abstract void PrepareRemove();

    public abstract void Remove();

    public abstract long Iterate();

    public static Workload Of<TKey, TSubject>(KeySet<TKey> keys, TSubject subject)
        where TSubject : struct, ISubject<TKey> => new Typed<TKey, TSubject>(keys, subject);

    private sealed class Typed<TKey, TSubject> : Workload
        where TSubject : struct, ISubject<TKey>
    {
        private readonly KeySet<TKey> _keys;
        private readonly int _passes;
        private readonly TSubject[] _toEmpty;
        private TSubject _subject;

        public Typed(KeySet<TKey> keys, TSubject subject)
        {
            _keys = keys;
            _passes = PassesFor(keys.Present.Length);
            _toEmpty = new TSubject[_passes];
            Array.Fill(_toEmpty, subject);
            _subject = subject;
            Ratios.Fill(ref _subject, keys.Present);
        }

        public override long Hit()
        {
            long sum = 0;
            for (int pass = 0; pass < _passes; pass++) sum += Ratios.GetAll(_subject, OfPass(_keys.Probes, pass));
            return sum;
        }

        public override long Miss()
        {
            long sum = 0;
            for (int pass = 0; pass < _passes; pass++) sum += Ratios.GetAll(_subject, OfPass(_keys.Absent, pass));
            return sum;
        }

        public override void Update()
        {
            for (int pass = 0; pass < _passes; pass++) Ratios.SetAll(_subject, OfPass(_keys.Probes, pass));
        }

        public override object Insert()
        {
            TSubject subject = _subject;
            for (int pass = 0; pass < _passes; pass++) Ratios.Fill(ref subject, KeysOf(pass));
            return subject.Map;
        }

        public override void PrepareRemove()
        {
            for (int i = 0; i < _toEmpty.Length; i++) Ratios.Fill(ref _toEmpty[i], KeysOf(i));
        }

        public override void Remove()
        {
            for (int i = 0; i < _toEmpty.Length; i++) Ratios.RemoveAll(_toEmpty[i], _keys.Emptyings[i % _keys.Emptyings.Length]);
        }

        /// <summary>As many lookups as the map has keys.</summary>
        private ReadOnlySpan<TKey> OfPass(TKey[] lookups, int pass)
        {
            int size = _keys.Present.Length;
            return lookups.AsSpan(pass % (lookups.Length / size) * size, size);
        }

        private TKey[] KeysOf(int pass) => _keys.Fills[pass % _keys.Fills.Length];

        public override long Iterate()
        {
            long sum = 0;
            for (int pass = 0; pass < _passes; pass++) sum += _subject.Sum();
            return sum;
        }
    }
}
