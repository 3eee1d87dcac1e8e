using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// The fences of the guard's sequence lock. x86 and x64 keep loads among themselves, and stores among themselves, in order; there only the compiler has to be told, and a fence
/// costs nothing. Arm64 keeps neither.
/// </summary>
/// <remarks>
/// From .NET 10 on there are words for half a fence: on Arm64 a barrier for loads or for stores alone, elsewhere nothing but a line that the JIT moves no access across. Before,
/// it is a whole fence on Arm64; on x86 and x64 none, for the accesses beside each of these places are volatile, and the JIT moves nothing across them.
/// </remarks>
internal static class Fence
{
    /// <summary>Keeps the loads before it before those behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Loads()
    {
#if NET10_0_OR_GREATER
        Volatile.ReadBarrier();
#else
        if (!System.Runtime.Intrinsics.X86.X86Base.IsSupported) Interlocked.MemoryBarrier();
#endif
    }

    /// <summary>Keeps the stores before it before those behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stores()
    {
#if NET10_0_OR_GREATER
        Volatile.WriteBarrier();
#else
        if (!System.Runtime.Intrinsics.X86.X86Base.IsSupported) Interlocked.MemoryBarrier();
#endif
    }
}
