using System.Collections;
using System.Runtime.CompilerServices;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Copies;

/// <summary>A Count and a CopyTo through an interface, and what comes between.</summary>
[Collection(GlobalState.Name)]
public sealed class CountThenCopyTests
{
    [Theory]
    [MemberData(nameof(CopySubject.WithUnguarded), MemberType = typeof(CopySubject))]
    public void An_array_of_Count_elements_has_no_hole_when_a_key_was_removed_in_between(string name)
    {
        foreach (Func<CopySubject, ICollection> face in Faces)
        {
            CopySubject subject = CopySubject.Make(name);
            var array = new object[face(subject).Count];
            subject.Map.Remove("s1");
            if (subject.Refuses)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.StaleCount, () => face(subject).CopyTo(array, 0));
                Assert.StartsWith("map written between its Count and its CopyTo: Copy on map", violation.Message, StringComparison.Ordinal);
                Assert.Contains("ToArray()", violation.Remedy, StringComparison.Ordinal);
                Assert.Equal(MapOperation.Remove, violation.Holder!.Operation);
                Assert.Equal(violation.VersionExpected + 1, violation.VersionFound);
                Assert.All(array, Assert.Null);
            }
            else
            {
                face(subject).CopyTo(array, 0);
                Assert.Equal(3, array.Select(Text).Where(CopySubject.Stable.Contains).Distinct(StringComparer.Ordinal).Count());
            }

            // What was remembered is spent: the next copy is of the map as it is.
            var next = new object[2];
            face(subject).CopyTo(next, 0);
            Assert.Equal((string[])["s0", "s2"], next.Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(CopySubject.WithUnguarded), MemberType = typeof(CopySubject))]
    public void An_array_of_Count_elements_fits_when_a_key_was_added_in_between(string name)
    {
        foreach (Func<CopySubject, ICollection> face in Faces)
        {
            CopySubject subject = CopySubject.Make(name);
            var array = new object[face(subject).Count];
            Elsewhere.RunWell(() => subject.Map["s3"] = "s3");
            if (subject.Refuses) Expect.Violation(MapViolationKind.StaleCount, () => face(subject).CopyTo(array, 0));
            else face(subject).CopyTo(array, 0);
            Assert.Equal(subject.Refuses ? [] : CopySubject.Stable, array.OfType<object>().Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(CopySubject.WithUnguarded), MemberType = typeof(CopySubject))]
    public void A_longer_array_is_legal_and_gets_the_map_as_it_is_after_own_writes(string name)
    {
        foreach (Func<CopySubject, ICollection> face in Faces)
        {
            CopySubject subject = CopySubject.Make(name);
            _ = face(subject).Count;
            subject.Map["s3"] = "s3";
            subject.Map.Remove("s0");
            var array = new object[9];
            face(subject).CopyTo(array, 2);
            Assert.Equal((string[])["s1", "s2", "s3"], array[2..5].Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
            Assert.All(array[5..], Assert.Null);
        }
    }

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void A_list_that_grows_by_a_map_is_whole_or_refused_when_somebody_writes_in_between(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        foreach (Func<CopySubject, ICollection> face in Faces)
        {
            // What AddRange does, with the other thread in the middle.
            int count = face(subject).Count;
            Elsewhere.RunWell(() => subject.Map.Remove("s1"));
            var array = new object[count + 5];
            if (subject.Refuses) Expect.Violation(MapViolationKind.StaleCount, () => face(subject).CopyTo(array, 2));
            else face(subject).CopyTo(array, 2);
            Assert.Equal(subject.Refuses ? [] : CopySubject.Stable, array.OfType<object>().Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
            Elsewhere.RunWell(() => subject.Map["s1"] = "s1");
        }
    }

    [Theory]
    [MemberData(nameof(CopySubject.WithUnguarded), MemberType = typeof(CopySubject))]
    public void Own_writes_that_leave_the_number_as_it_was_do_not_spoil_a_copy(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        var array = new object[((ICollection)subject.Map).Count];
        subject.Map["s1"] = "s1";
        ((ICollection)subject.Map).CopyTo(array, 0);
        Assert.Equal(CopySubject.Stable, array.Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void The_Count_of_one_face_holds_for_the_CopyTo_of_another(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        var array = new object[((ICollection)subject.Map).Count];
        Elsewhere.RunWell(() => subject.Map.Remove("s1"));
        if (subject.Refuses) Expect.Violation(MapViolationKind.StaleCount, () => ((ICollection)subject.Keys).CopyTo(array, 0));
        else ((ICollection)subject.Keys).CopyTo(array, 0);
        Assert.Equal(subject.Refuses ? [] : CopySubject.Stable, array.OfType<object>().Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void Two_maps_may_be_counted_before_they_are_copied(string name)
    {
        CopySubject one = CopySubject.Make(name);
        CopySubject other = CopySubject.Make(name);
        // What Concat does.
        var array = new object[((ICollection)one.Keys).Count + ((ICollection)other.Keys).Count];
        Elsewhere.RunWell(() => other.Map.Remove("s1"));
        ((ICollection)one.Keys).CopyTo(array, 0);
        if (other.Refuses) Expect.Violation(MapViolationKind.StaleCount, () => ((ICollection)other.Keys).CopyTo(array, 3));
        else ((ICollection)other.Keys).CopyTo(array, 3);
        Assert.Equal(other.Refuses ? 3 : 6, array.OfType<string>().Count());
    }

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void Two_faces_of_one_map_may_be_counted_before_they_are_copied(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        // What Keys.Concat(Values) does, with a write between the two Counts.
        int keys = ((ICollection)subject.Keys).Count;
        Elsewhere.RunWell(() => subject.Map.Remove("s1"));
        int values = ((ICollection)subject.Values).Count;
        var array = new object[keys + values];
        if (subject.Refuses) Expect.Violation(MapViolationKind.StaleCount, () => ((ICollection)subject.Keys).CopyTo(array, 0));
        else ((ICollection)subject.Keys).CopyTo(array, 0);
        ((ICollection)subject.Values).CopyTo(array, keys);
        Assert.Equal(subject.Refuses ? [] : CopySubject.Stable, array[..keys].OfType<string>().Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal((string[])["s0", "s2"], array[keys..].OfType<string>().Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void Keys_and_values_that_are_copied_after_two_Counts_line_up(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        // What SortedList does.
        var keys = new object[((ICollection)subject.Map).Count];
        var values = new object[((ICollection)subject.Map).Count];
        Elsewhere.RunWell(() => subject.Map.Remove("s1"));
        if (subject.Refuses)
        {
            Expect.Violation(MapViolationKind.StaleCount, () => ((ICollection)subject.Keys).CopyTo(keys, 0));
            Expect.Violation(MapViolationKind.StaleCount, () => ((ICollection)subject.Values).CopyTo(values, 0));
            return;
        }

        ((ICollection)subject.Keys).CopyTo(keys, 0);
        Elsewhere.RunWell(() => subject.Map.Remove("s2"));
        ((ICollection)subject.Values).CopyTo(values, 0);
        Assert.Equal(keys, values);
    }

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void The_Count_of_one_thread_is_nothing_to_another(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        _ = ((ICollection)subject.Map).Count;
        Elsewhere.RunWell(() =>
        {
            subject.Map.Remove("s1");
            var array = new object[2];
            ((ICollection)subject.Map).CopyTo(array, 0);
            Assert.Equal((string[])["s0", "s2"], array.Select(Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(CopySubject.WithUnguarded), MemberType = typeof(CopySubject))]
    public void While_nobody_writes_copies_of_keys_and_of_values_line_up(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        for (int i = 0; i < 200; i++) subject.Map["n" + i] = "n" + i;
        for (int i = 0; i < 200; i += 3) subject.Map.Remove("n" + i);
        object[] keys = [.. ((IEnumerable)subject.Keys).Cast<object>()];
        Assert.Equal(keys, ((IEnumerable)subject.Values).Cast<object>());
        Assert.Equal(keys, ((IEnumerable)subject.Keys).Cast<object>());
        foreach ((string way, Func<IEnumerable> copy) in subject.Own) Assert.True(keys.SequenceEqual(copy().Cast<object>().Select(Text)) || way == "Clone", way);
        var copied = new object[keys.Length];
        ((ICollection)subject.Values).CopyTo(copied, 0);
        Assert.Equal(keys, copied);
    }

    [Theory]
    [InlineData("Synchronized")]
    [InlineData("Sync")]
    [InlineData("Ordered")]
    public void A_moment_that_nobody_came_for_is_dropped_and_a_CopyTo_that_is_late_says_so(string name)
    {
        long kept = CountRead.KeptForMilliseconds;
        CountRead.KeptForMilliseconds = 0;
        try
        {
            CopySubject subject = CopySubject.Make(name);
            WeakReference removed = CountWithAnotherKey(subject, out object[] array);
            for (int i = 0; i < 20 && removed.IsAlive; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.False(removed.IsAlive, "An entry that was removed is kept by what a Count has left behind.");
            var late = Assert.Throws<InvalidOperationException>(() => ((ICollection)subject.Map).CopyTo(array, 0));
            Assert.Contains("held 4 entries", late.Message, StringComparison.Ordinal);
            Assert.All(array, Assert.Null);
        }
        finally
        {
            CountRead.KeptForMilliseconds = kept;
        }
    }

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void What_is_remembered_keeps_no_map_alive(string name)
    {
        WeakReference map = Count(name);
        for (int i = 0; i < 20 && map.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(map.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Count(string name)
        {
            CopySubject subject = CopySubject.Make(name);
            _ = ((ICollection)subject.Map).Count;
            return new WeakReference(subject.Map);
        }
    }

    [Fact]
    public void A_Count_from_inside_the_maps_own_callback_is_just_a_number()
    {
        foreach (MapProtection protection in Enum.GetValues<MapProtection>())
        {
            var map = new GuardedMap<string, int>(new MapOptions<string> { Protection = protection }) { ["a"] = 1 };
            map.AddOrUpdate("b", _ => ((ICollection)map).Count, (_, _) => -1);
            Assert.Equal(1, map["b"]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference CountWithAnotherKey(CopySubject subject, out object[] array)
    {
        // A map may keep the key of what was removed; the value not.
        string value = new('f', 3);
        subject.Map["f"] = value;
        array = new object[((ICollection)subject.Map).Count];
        subject.Map.Remove("f");
        return new WeakReference(value);
    }

    private static readonly Func<CopySubject, ICollection>[] Faces = [static s => s.Map, static s => (ICollection)s.Keys, static s => (ICollection)s.Values];

    private static string? Text(object? item) => item switch
    {
        KeyValuePair<string, string> entry => entry.Key,
        DictionaryEntry entry => (string)entry.Key,
        _ => item as string,
    };
}
