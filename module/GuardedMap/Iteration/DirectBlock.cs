using System.Linq.Expressions;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace GuardedMaps.Shell;

/// <summary>
/// Runs a script block once, in the scope it comes from, with its output going straight to a cmdlet's: what <c>ForEach-Object</c> does for each
/// object.
/// </summary>
/// <remarks>
/// <para>
/// PowerShell keeps the method for this to itself (<c>ScriptBlock.InvokeUsingCmdlet</c>); it has had this shape since PowerShell 3. What is public
/// either collects the output first, or opens a scope, or is a pipeline, and to hand an object to the next stage of a pipeline costs about as
/// much as a short script block. So the method is reached by reflection, once, and compiled into a delegate. A PowerShell that has it no
/// more, or no more like this, is no error: <see cref="IterationScript"/> then takes the public way, which does the same in twice the time.
/// </para>
/// <para>The switch <see cref="PublicOnly"/> makes it take that way at once; a test runs the whole suite of the cmdlet so.</para>
/// </remarks>
internal static class DirectBlock
{
    /// <summary>The <see cref="AppContext"/> switch that keeps to what is public. Read once per process.</summary>
    public const string PublicOnly = "GuardedMap.Shell.PublicOnly";

    private static readonly Action<ScriptBlock, Cmdlet, object, object[]>? s_invoke = Find();

    /// <summary>True if this PowerShell lets us.</summary>
    public static bool IsAvailable => s_invoke is not null;

    /// <summary>Runs a block that is given no object.</summary>
    public static void Invoke(ScriptBlock block, Cmdlet output) => s_invoke!(block, output, AutomationNull.Value, []);

    /// <summary>Runs a block that finds <paramref name="item"/> in <c>$_</c>.</summary>
    public static void Invoke(ScriptBlock block, Cmdlet output, object item) => s_invoke!(block, output, item, [item]);

    private static Action<ScriptBlock, Cmdlet, object, object[]>? Find()
    {
        if (AppContext.TryGetSwitch(PublicOnly, out bool publicOnly) && publicOnly) return null;
        Type? behavior = typeof(ScriptBlock).GetNestedType("ErrorHandlingBehavior", BindingFlags.NonPublic);
        if (behavior is null || !Enum.TryParse(behavior, "WriteToCurrentErrorPipe", out object? toErrorPipe)) return null;
        Type[] parameters = [typeof(Cmdlet), typeof(bool), behavior, typeof(object), typeof(object), typeof(object), typeof(object[])];
        MethodInfo? method = typeof(ScriptBlock).GetMethod("InvokeUsingCmdlet", BindingFlags.Instance | BindingFlags.NonPublic, parameters);
        if (method?.GetParameters() is not { } found || !found.Select(p => p.Name).SequenceEqual(["contextCmdlet", "useLocalScope", "errorHandlingBehavior", "dollarUnder", "input", "scriptThis", "args"], StringComparer.Ordinal))
            return null;

        ParameterExpression block = Expression.Parameter(typeof(ScriptBlock));
        ParameterExpression output = Expression.Parameter(typeof(Cmdlet));
        ParameterExpression item = Expression.Parameter(typeof(object));
        ParameterExpression input = Expression.Parameter(typeof(object[]));
        MethodCallExpression call = Expression.Call(
            block,
            method,
            output,
            Expression.Constant(false),
            Expression.Constant(toErrorPipe, behavior),
            item,
            input,
            Expression.Constant(AutomationNull.Value, typeof(object)),
            Expression.Constant(Array.Empty<object>()));
        return Expression.Lambda<Action<ScriptBlock, Cmdlet, object, object[]>>(call, block, output, item, input).Compile();
    }
}
