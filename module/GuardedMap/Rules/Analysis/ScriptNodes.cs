using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>The nodes of a script's syntax tree that the rules ask for, by class, each list in the order of the text.</summary>
/// <remarks>One walk over the tree fills all lists. It goes through PowerShell's own searcher, so that syntax newer than this code is walked too.</remarks>
internal sealed class ScriptNodes
{
    public ScriptNodes(Ast root)
    {
        foreach (Ast node in root.FindAll(static _ => true, searchNestedScriptBlocks: true))
        {
            switch (node)
            {
                case VariableExpressionAst variable: Variables.Add(variable); break;
                case InvokeMemberExpressionAst call: Calls.Add(call); break;
                case CommandAst command: Commands.Add(command); break;
                case PipelineAst { PipelineElements.Count: > 1 } pipeline: Pipelines.Add(pipeline); break;
                case AssignmentStatementAst assignment: Assignments.Add(assignment); break;
                case UnaryExpressionAst unary: Unaries.Add(unary); break;
                case ForEachStatementAst each: ForEachLoops.Add(each); break;
                case SwitchStatementAst choice: Switches.Add(choice); break;
                case LoopStatementAst loop: OtherLoops.Add(loop); break;
                case ScriptBlockExpressionAst block: Blocks.Add(block); break;
                case FunctionDefinitionAst function: Functions.Add(function); break;
                case ParameterAst parameter: Parameters.Add(parameter); break;
                case TypeDefinitionAst type: Types.Add(type); break;
                case MemberExpressionAst member: Members.Add(member); break;
                case AttributeAst attribute: Attributes.Add(attribute); break;
                case ConvertExpressionAst convert: Conversions.Add(convert); break;
                default: break;
            }
        }
    }

    public List<VariableExpressionAst> Variables { get; } = [];

    public List<InvokeMemberExpressionAst> Calls { get; } = [];

    public List<CommandAst> Commands { get; } = [];

    /// <summary>Pipelines of two stages or more.</summary>
    public List<PipelineAst> Pipelines { get; } = [];

    public List<AssignmentStatementAst> Assignments { get; } = [];

    public List<UnaryExpressionAst> Unaries { get; } = [];

    public List<ForEachStatementAst> ForEachLoops { get; } = [];

    public List<SwitchStatementAst> Switches { get; } = [];

    public List<LoopStatementAst> OtherLoops { get; } = [];

    public List<ScriptBlockExpressionAst> Blocks { get; } = [];

    public List<FunctionDefinitionAst> Functions { get; } = [];

    public List<ParameterAst> Parameters { get; } = [];

    public List<TypeDefinitionAst> Types { get; } = [];

    /// <summary>Member accesses that are no calls.</summary>
    public List<MemberExpressionAst> Members { get; } = [];

    public List<AttributeAst> Attributes { get; } = [];

    public List<ConvertExpressionAst> Conversions { get; } = [];
}
