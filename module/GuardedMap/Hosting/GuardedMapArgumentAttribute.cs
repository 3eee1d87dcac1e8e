using System.Collections;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Lets only maps of this library into a parameter, of whatever kind, and tells who brings another dictionary how to make one of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GuardedMapArgumentAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = InputReader.Bare(inputData);
        return bare switch
        {
            IMap map => map,
            // In "$m | Invoke-MapIteration { ... }" the binder tries the block as the map first and goes on unless we throw. For a block
            // or null that is meant as the map it has an error of its own.
            ScriptBlock or null => inputData!,
            _ when IsOfAnotherCopy(bare) => throw new ArgumentTransformationMetadataException($"This {bare.GetType().Name} is a guarded map of another copy of {CoreName}, version {bare.GetType().Assembly.GetName().Version}, which another module or program has loaded from '{bare.GetType().Assembly.Location}'. Its locks and leases are not known here. Make a map of this module's with its entries: New-GuardedMap $map."),
            IDictionary => throw new ArgumentTransformationMetadataException($"A {bare.GetType().Name} is not a guarded map: nobody would notice a write during its iteration. Make one of it first: New-GuardedMap $table."),
            // What an iterator, or any object that says which map it belongs to, brings through the pipeline.
            _ when PSObject.AsPSObject(inputData).Properties["Map"]?.Value is { } owner && InputReader.Bare(owner) is IMap map => map,
            _ => throw new ArgumentTransformationMetadataException($"{Errors.Describe(inputData)} is not a guarded map. Make one first: $m = New-GuardedMap."),
        };
    }

    private static string CoreName => typeof(IMap).Assembly.GetName().Name!;

    /// <summary>True for a map whose class bears the name of ours and is not: the same library, loaded twice.</summary>
    private static bool IsOfAnotherCopy(object input) =>
        input.GetType().Assembly is { } assembly
        && assembly != typeof(IMap).Assembly
        && string.Equals(assembly.GetName().Name, CoreName, StringComparison.Ordinal)
        && input.GetType().GetInterface(typeof(IMap).FullName!) is not null;
}
