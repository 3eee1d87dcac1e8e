namespace GuardedMaps.Lab.Rendering;

/// <summary>Which picture a notebook shows of an object that was written bare, as the last expression of a cell.</summary>
internal static class NotebookPicture
{
    /// <summary>What is drawn: the types, and for each the picture of an object of it.</summary>
    /// <remarks>A list of results is one picture with a line for each. A single result is a list of one.</remarks>
    public static IReadOnlyList<(Type Type, Func<object, MapPicture> Draw)> All { get; } =
    [
        (typeof(MapPicture), static shown => (MapPicture)shown),
        (typeof(IMap), static shown => OfLayout(((IMap)shown).GetLayout())),
        (typeof(IMapLayout), static shown => OfLayout((IMapLayout)shown)),
        (typeof(RaceTimeline), static shown => new RacePicture((RaceTimeline)shown)),
        (typeof(ExploreResult), static shown => ResultsPicture.Of([(ExploreResult)shown])),
        (typeof(MapRaceResult), static shown => ResultsPicture.Of([(MapRaceResult)shown])),
        (typeof(IEnumerable<ExploreResult>), static shown => ResultsPicture.Of((IEnumerable<ExploreResult>)shown)),
        (typeof(IEnumerable<MapRaceResult>), static shown => ResultsPicture.Of((IEnumerable<MapRaceResult>)shown)),
        (typeof(DetectionMatrix), static shown => new MatrixPicture([.. ((DetectionMatrix)shown).Rows.SelectMany(static row => row.Cells).Select(static cell => cell.Result)])),
    ];

    private static MapPicture OfLayout(IMapLayout layout) => layout is MapLayout table ? new LayoutPicture { Layout = table } : KindPicture.Of(layout);
}
