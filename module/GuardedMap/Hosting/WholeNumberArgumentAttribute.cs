using System.Globalization;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Lets only whole numbers into a parameter. Left alone, PowerShell would make 2 of 1.5 and say nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WholeNumberArgumentAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = InputReader.Bare(inputData);
        if (bare is string text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal parsed)) bare = parsed;
        bool isFraction = bare switch
        {
            double d => d % 1 != 0,
            float f => f % 1 != 0,
            decimal m => m % 1 != 0,
            _ => false,
        };
        if (isFraction)
            throw new ArgumentTransformationMetadataException($"{Convert.ToString(bare, CultureInfo.InvariantCulture)} is not a whole number. To add a fraction, compute the value: -ScriptBlock {{ $_ + {Convert.ToString(bare, CultureInfo.InvariantCulture)} }}.");
        return inputData;
    }
}
