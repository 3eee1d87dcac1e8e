namespace GuardedMaps.Lab.Lessons;

/// <summary>All exercises, in order.</summary>
internal static class ExerciseCatalogue
{
    /// <summary>The exercises of every lesson; those of lesson 0 are the template's.</summary>
    public static IReadOnlyList<MapExercise> All { get; } =
    [
        new CountOfWrites(), new BucketOfTheTemplate(), new EmptyTheMap(),
        new BucketsOfFiveKeys(), new KeysComparedInAll(), new SeedThatBringsTogether(), new TwoKeysOfOneKind(),
        new FirstOverflow(), new RoomInSixteenBuckets(), new GapsThatAreClosed(), new TwentyInOneChain(),
        new EvacuatedAfterThreeWrites(), new WhereLookupsLook(), new LongestPause(), new RepackAtTheSameSize(),
        new OrderOfAnIteration(), new StateAfterGrowth(), new NothingLeavesDone(), new SeedThatBeginsWith(),
        new FiveContracts(), new WhoIsStillRefused(), new RemoveWhileIterating(), new DoubleThroughTheCursor(),
        new SchedulesOfEight(), new LostOfSix(), new FewestPreemptions(), new ScheduleThatLoses(),
        new WhichSideFaults(), new FortyThousandTimesRight(), new CountWithoutLoss(), new TwoTransfers(),
        new PreemptionsOfAToken(), new OrderThatExplains(), new ShrinkASchedule(), new BeatTheFlag(),
    ];

    /// <summary>The exercises of one lesson.</summary>
    public static IReadOnlyList<MapExercise> OfLesson(int lesson) => [.. All.Where(e => e.Lesson == lesson)];

    /// <summary>One exercise by its number; null when there is none.</summary>
    public static MapExercise? Find(string number) => All.FirstOrDefault(e => e.Number == number);
}
