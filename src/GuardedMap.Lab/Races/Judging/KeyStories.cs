namespace GuardedMaps.Lab;

// What each key may hold after the race, worked out from the plan and the actors' logs alone.
//
// A free race does not tell in which order two actors' operations took effect. What is certain is the order of one
// actor's own operations, and whether the map acknowledged each. From that:
//
//   S1  An actor's last acknowledged write to a key wipes out what it wrote there before.
//   S2  A write that threw after that one may have happened or not, unless the target promises that what it rejects
//       leaves no trace; then it has not.
//   S3  Over several actors, any actor's last state may have come last: the legal states are the union.
//   S4  What the key held before the race is legal only while no actor's write was acknowledged.
//   S5  Additions all count: a counter's legal values run from start + acknowledged to start + acknowledged + in doubt.
//
// The union in S3 allows more than really happened, never less. So the judge may overlook damage, but it never accuses
// a map that is right; a "silently wrong" in a result stands on that.

/// <summary>The legal end of every key of one trial.</summary>
internal sealed class KeyStories
{
    private readonly Story[] _stories;

    public KeyStories(RacePlan plan, IReadOnlyList<ActorLog> logs, bool rejectionLeavesNoTrace)
    {
        _stories = new Story[plan.Keys.Count];
        foreach (var (key, value) in plan.Setup)
        {
            _stories[key].Start = value;
            _stories[key].WasThere = true;
        }

        for (int actor = 0; actor < logs.Count; actor++)
            ReadLog(logs[actor], actor + 1, rejectionLeavesNoTrace);

        for (int key = 0; key < _stories.Length; key++)
        {
            ref var story = ref _stories[key];
            CloseFold(ref story);
            if (!story.IsAcknowledged) AddStart(ref story); // S4
        }
    }

    /// <summary>The states the key may be in. Not for counters.</summary>
    public ref readonly LegalStates Legal(int key) => ref _stories[key].Legal;

    /// <summary>True for a key that is counted up; then <see cref="CounterRange"/> is its legal end.</summary>
    public bool IsCounter(int key) => _stories[key].IsCounter;

    /// <summary>The lowest and highest value a counter may show.</summary>
    public (long Lowest, long Highest) CounterRange(int key)
    {
        ref readonly var story = ref _stories[key];
        long lowest = story.Start + story.Added;
        return (lowest, lowest + story.InDoubt);
    }

    /// <summary>True when the key was in the map at the start.</summary>
    public bool WasThere(int key) => _stories[key].WasThere;

    /// <summary>True when some actor tried to remove the key.</summary>
    public bool IsRemovedBySomebody(int key) => _stories[key].IsRemoved;

    /// <summary>True when some actor tried to store something under the key.</summary>
    public bool IsStoredBySomebody(int key) => _stories[key].IsStored;

    /// <summary>True when some actor tried to write the key in any way.</summary>
    public bool IsWrittenBySomebody(int key) => _stories[key].IsWritten;

    /// <summary>The value the key had at the start.</summary>
    public long Start(int key) => _stories[key].Start;

    private void ReadLog(ActorLog log, int actor, bool rejectionLeavesNoTrace)
    {
        var steps = log.Actor.Steps;
        for (int i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var answer = log.Answers[i];
            if (!step.IsWrite || answer == StepAnswer.None) continue;

            // A Clear is a removal of every key.
            if (step.Verb != Verb.Clear) Read(ref _stories[step.Key], step, answer, actor, rejectionLeavesNoTrace);
            else for (int key = 0; key < _stories.Length; key++) Read(ref _stories[key], step, answer, actor, rejectionLeavesNoTrace);
        }
    }

    private static void Read(ref Story story, Operation step, StepAnswer answer, int actor, bool rejectionLeavesNoTrace)
    {
        bool removes = step.Verb is Verb.Remove or Verb.Clear;
        story.IsWritten = true;
        story.IsRemoved |= removes;
        story.IsStored |= step.Verb == Verb.Set;
        bool inDoubt = answer == StepAnswer.Raised;
        if (inDoubt && rejectionLeavesNoTrace) return; // S2

        if (step.IsAddition)
        {
            story.IsCounter = true;
            if (inDoubt) story.InDoubt += step.Value; // S5
            else story.Added += step.Value;
            return;
        }

        if (story.FoldedActor != actor)
        {
            CloseFold(ref story);
            story.FoldedActor = actor;
        }

        if (!inDoubt)
        {
            story.Fold.Clear(); // S1
            story.IsFoldAcknowledged = true;
        }

        if (removes) story.Fold.AddAbsent();
        else story.Fold.AddValue(step.Value);
    }

    // Ends the fold over one actor's writes to a key and adds it to the union over the actors (S3).
    private static void CloseFold(ref Story story)
    {
        story.Legal.AddAll(in story.Fold);
        story.IsAcknowledged |= story.IsFoldAcknowledged;
        story.Fold.Clear();
        story.IsFoldAcknowledged = false;
    }

    private static void AddStart(ref Story story)
    {
        if (story.WasThere) story.Legal.AddValue(story.Start);
        else story.Legal.AddAbsent();
    }

    private struct Story
    {
        public bool WasThere;
        public long Start;
        public bool IsWritten;
        public bool IsRemoved;
        public bool IsStored;
        public bool IsAcknowledged;
        public LegalStates Legal;

        public int FoldedActor; // 1 for the first actor; 0: none yet
        public bool IsFoldAcknowledged;
        public LegalStates Fold;

        public bool IsCounter;
        public long Added;
        public long InDoubt;
    }
}
