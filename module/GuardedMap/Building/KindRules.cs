using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>What can be asked of a map of each kind. What a kind does not have is refused, and never taken no notice of.</summary>
internal static class KindRules
{
    /// <summary>The error for the first parameter that the kind does not have; null if it has all that were given.</summary>
    /// <param name="kind">The kind of map asked for.</param>
    /// <param name="given">True for a parameter that was given.</param>
    /// <param name="keyType">The type of the keys, or null.</param>
    public static ErrorRecord? Refusal(MapKind kind, Func<string, bool> given, Type? keyType)
    {
        if (kind == MapKind.Guarded) return null;
        if (given("Contract"))
        {
            string always = kind == MapKind.Snapshot
                ? "its iterations always see the map as it was when they began, which is the contract Snapshot."
                : "its iterations always go on, whoever writes meanwhile, which is the contract WeaklyConsistent.";
            return Errors.ParameterNotOfKind("Contract", kind, always, "Leave -Contract out. For another contract make a guarded map: leave -Kind out.");
        }

        if (given("Protection"))
            return Errors.ParameterNotOfKind("Protection", kind, "its operations cannot collide, so there is nothing to protect it from.", "Leave -Protection out.");
        if (given("OnViolation"))
            return Errors.ParameterNotOfKind("OnViolation", kind, "its operations cannot collide, so there is nothing to report.", "Leave -OnViolation out.");
        if (given("DetectLostUpdates") && kind != MapKind.Snapshot)
        {
            return Errors.ParameterNotOfKind(
                "DetectLostUpdates",
                kind,
                "it has no version by which a lost update could be noticed.",
                "Leave -DetectLostUpdates out, or make a guarded map, or one of the kind Snapshot: these have it. In this map use Update-MapEntry, which is one operation.");
        }

        if (given("Capacity"))
            return Errors.ParameterNotOfKind("Capacity", kind, "it makes room piece by piece, and keeps none in store.", "Leave -Capacity out.");
        if (given("HashSeed") && kind == MapKind.Ordered)
            return Errors.ParameterNotOfKind("HashSeed", kind, "it orders its keys and hashes none.", "Leave -HashSeed out.");
        return kind == MapKind.Ordered && keyType is not null && keyType != typeof(object) && !ShellKeyOrder.HasOrder(keyType) ? Errors.KeyTypeHasNoOrder(keyType) : null;
    }

    /// <summary>The error for a contract that a guarded map with this protection does not have; null if it has it.</summary>
    /// <param name="protection">The protection asked for.</param>
    /// <param name="contract">The contract asked for, or null if none was.</param>
    public static ErrorRecord? Refusal(MapProtection protection, IterationContract? contract) => contract switch
    {
        IterationContract.WeaklyConsistent => Errors.ContractNotOfProtection("a guarded map", "does not have that contract, which is of the kinds Sync and Ordered", contract.Value, "Make a map of one of these kinds (New-GuardedMap -Kind Sync), or choose Reject, FailFast, Tolerate, Snapshot or Defer."),
        not null and not IterationContract.Snapshot when protection == MapProtection.Synchronized => Errors.ContractNotOfProtection("a map with -Protection Synchronized", "iterates over snapshots only", contract.Value, "Leave -Contract out, or say -Contract Snapshot, or leave -Protection out: a map that is Guarded has all five contracts."),
        _ => null,
    };
}
