using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Tests.PublicApi;

/// <summary>One of everything the listing has to tell apart.</summary>
public class ListedSample<T>
    where T : notnull
{
    public const int Limit = 7;

    private readonly int _number = Limit;

    public event EventHandler<string>? Happened;

    public string? MayBeNull { get; }

    public string NeverNull { get; init; } = "";

    public List<string?> Inside { get; protected set; } = [];

    internal int OnlyForTheAssembly { get; set; }

    [SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "A sample of one.")]
    public static bool TryGet(T key, [MaybeNullWhen(false)] out string value)
    {
        value = key.ToString();
        return value is not null;
    }

    public void Optional(int count = 3, string? text = null, params object[] rest) => Happened?.Invoke(this, $"{count}{text}{rest}");

    public ref readonly int ByReference(in int number) => ref number > 0 ? ref _number : ref Nothing;

    public Func<T, int?, T?>? Generic(Dictionary<T, string?[]> map) => map.Count > _number ? (_, _) => default : null;

    public override string ToString() => NeverNull;

    protected virtual void ForHeirs<TOther>(TOther? other)
        where TOther : class, IDisposable => other?.Dispose();

    private static readonly int[] s_nothing = [0];

    private static ref readonly int Nothing => ref s_nothing[0];
}
