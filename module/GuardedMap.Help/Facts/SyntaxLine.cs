using System.Text;

namespace GuardedMaps.Help.Facts;

/// <summary>Writes the syntax of a parameter set as <c>Get-Command -Syntax</c> does.</summary>
internal static class SyntaxLine
{
    public static string Of(CmdletFacts cmdlet, string? set)
    {
        var text = new StringBuilder(cmdlet.Name);
        foreach ((ParameterFacts parameter, SetFacts facts) in cmdlet.InSet(set))
        {
            string name = facts.Position is null ? "-" + parameter.Name : $"[-{parameter.Name}]";
            string whole = parameter.IsSwitch ? name : $"{name} <{parameter.TypeName}>";
            text.Append(' ').Append(facts.IsMandatory ? whole : $"[{whole}]");
        }

        return text.Append(" [<CommonParameters>]").ToString();
    }
}
