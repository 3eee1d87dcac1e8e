namespace GuardedMaps.Lab;

/// <summary>A situation taken apart, so that another one can be put together from what is known of its neighbours.</summary>
/// <param name="Content">What shared memory holds, folded so that a store changes it by the same whatever else is stored elsewhere (exclusive or).</param>
/// <param name="Actors">Where each actor stands.</param>
internal sealed record SituationParts(UInt128 Content, ActorPart[] Actors)
{
    /// <summary>The actors that can go on, one bit each.</summary>
    public uint Enabled
    {
        get
        {
            uint enabled = 0;
            for (int i = 0; i < Actors.Length; i++)
            {
                if (!Actors[i].IsFinished && !Actors[i].IsWaiting) enabled |= 1u << i;
            }

            return enabled;
        }
    }

    /// <summary>All of it as one number.</summary>
    public UInt128 Folded
    {
        get
        {
            var all = StepFold.Then(Content, Enabled);
            foreach (var actor in Actors)
            {
                all = StepFold.Then(StepFold.Then(all, (ulong)(actor.History >> 64)), (ulong)actor.History);
                all = StepFold.Then(all, (actor.IsFinished ? 1UL : 0) | (actor.IsWaiting ? 2UL : 0) | (actor.WasAtSpinNow ? 4UL : 0));
            }

            return all;
        }
    }
}

/// <summary>Where an actor stands.</summary>
/// <param name="History">Everything it has read, folded.</param>
/// <param name="Next">What it does next.</param>
/// <param name="IsFinished">Whether it is finished.</param>
/// <param name="IsWaiting">Whether it waits for another's write.</param>
/// <param name="WasAtSpinNow">Whether it has looked at everything in vain since anything was written.</param>
/// <param name="BeginsOperation">Whether its next step begins an operation.</param>
/// <param name="Returned">How many of its operations have come back.</param>
internal readonly record struct ActorPart(UInt128 History, Footprint Next, bool IsFinished, bool IsWaiting, bool WasAtSpinNow, bool BeginsOperation, int Returned);
