using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Lets through what Jupyter takes for a kernel's name, and no name that is a way to another folder.</summary>
/// <remarks>
/// Jupyter's own rule: letters, digits, '-', '_' and '.', of ASCII alone. A pattern would not do: $ stands before a line break at the end, too, and ignoring case lets in
/// signs that are no letters of ASCII.
/// </remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KernelNameAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        string name = arguments as string ?? "";
        if (!name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || name.All(static c => c == '.'))
            throw new ValidationMetadataException($"'{SafeText.Line(name)}' is no name for a kernel: it has letters, digits, '-', '_' and '.' only, and something other than dots.");
    }
}
