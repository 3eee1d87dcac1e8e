using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>
/// What the table does to a bucket as a whole, card by card: <see cref="Card.Scalar"/>, with a step for each card that is looked at. A vector takes all eight at once as a rule, but no
/// processor promises that, so nothing may depend on it.
/// </summary>
internal static class SteppedCard
{
    public static async Step<uint> At(CellRef<uint> first, int place) => await first.Behind(place).Read(SteppedPoints.CardRead);

    public static async Step<uint> Match(CellRef<uint> first, uint card, uint numbers)
    {
        uint hits = 0;
        for (int place = 0; place < Card.PerBucket; place++)
        {
            uint present = await first.Behind(place).Read(SteppedPoints.CardRead);
            if (!Card.IsLive(present)) break;
            if ((present & ~numbers) == card) hits |= 1u << place;
        }

        return hits;
    }

    public static async Step<uint> LiveOnes(CellRef<uint> first)
    {
        int live = 0;
        while (live < Card.PerBucket && Card.IsLive(await first.Behind(live).Read(SteppedPoints.CardRead))) live++;
        return (1u << live) - 1;
    }

    public static async Step<None> Put(CellRef<uint> first, int place, uint card)
    {
        await first.Behind(place).Write(SteppedPoints.CardWrite, card);
        return default;
    }

    public static async Step<None> Take(CellRef<uint> first, int place, int last)
    {
        await first.Behind(place).Write(SteppedPoints.CardWrite, await first.Behind(last).Read(SteppedPoints.CardRead));
        await first.Behind(last).Write(SteppedPoints.CardWrite, Card.Empty);
        return default;
    }

    public static async Step<(uint ToX, uint ToY)> Deal(CellRef<uint> from, CellRef<uint> x, CellRef<uint> y, uint bit)
    {
        uint toX = 0;
        uint toY = 0;
        for (int place = 0; place < Card.PerBucket; place++)
        {
            uint card = await from.Behind(place).Read(SteppedPoints.CardRead);
            uint went = Card.EvacuatedEmpty;
            if (Card.IsLive(card) && (card & bit) != 0)
            {
                await y.Behind(BitOperations.PopCount(toY)).Write(SteppedPoints.CardWrite, card & ~bit);
                toY |= 1u << place;
                went = Card.EvacuatedY;
            }
            else if (Card.IsLive(card))
            {
                await x.Behind(BitOperations.PopCount(toX)).Write(SteppedPoints.CardWrite, card);
                toX |= 1u << place;
                went = Card.EvacuatedX;
            }

            await from.Behind(place).Write(SteppedPoints.CardWrite, went);
        }

        return (toX, toY);
    }
}
