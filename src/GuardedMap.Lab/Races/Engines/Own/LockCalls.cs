using System.Reflection;

namespace GuardedMaps.Lab;

/// <summary>Calls of <c>System.Threading.Lock</c>, which came with .NET 9: this library runs on .NET 8 too, where there is none.</summary>
internal static class LockCalls
{
    private static readonly Type? s_type = typeof(Monitor).Assembly.GetType("System.Threading.Lock");
    private static readonly MethodInfo? s_enter = s_type?.GetMethod("Enter", Type.EmptyTypes);
    private static readonly MethodInfo? s_tryEnter = s_type?.GetMethod("TryEnter", Type.EmptyTypes);
    private static readonly MethodInfo? s_exit = s_type?.GetMethod("Exit", Type.EmptyTypes);
    private static readonly MethodInfo? s_isHeld = s_type?.GetProperty("IsHeldByCurrentThread")?.GetMethod;

    public static bool IsLock(object? target) => target is not null && target.GetType() == s_type;

    public static bool IsHeld(object target) => s_isHeld!.CreateDelegate<Func<bool>>(target)();

    public static void Enter(object target) => s_enter!.CreateDelegate<Action>(target)();

    public static void Exit(object target) => s_exit!.CreateDelegate<Action>(target)();

    public static bool IsFree(object target)
    {
        if (IsHeld(target) || !s_tryEnter!.CreateDelegate<Func<bool>>(target)()) return false;
        Exit(target);
        return true;
    }
}
