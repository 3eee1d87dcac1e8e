using System.Collections;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Lets only guarded maps into a parameter, and tells who brings another dictionary how to make one of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GuardedMapArgumentAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = InputReader.Bare(inputData);
        return bare switch
        {
            IGuardedMap map => map,
            // In "$m | Invoke-MapIteration { ... }" the binder tries the block as the map first and goes on unless we throw. For a block
            // or null that is meant as the map it has an error of its own.
            ScriptBlock or null => inputData!,
            IDictionary => throw new ArgumentTransformationMetadataException($"A {bare.GetType().Name} is not a guarded map: nobody would notice a write during its iteration. Make one of it first: New-GuardedMap $table."),
            // What an iterator, or any object that says which map it belongs to, brings through the pipeline.
            _ when PSObject.AsPSObject(inputData).Properties["Map"]?.Value is { } owner && InputReader.Bare(owner) is IGuardedMap map => map,
            _ => throw new ArgumentTransformationMetadataException($"{Errors.Describe(inputData)} is not a guarded map. Make one first: $m = New-GuardedMap."),
        };
    }
}
