using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>
/// Every error record the module writes, and nothing else. One method per code path, so that an id is never used twice.
/// </summary>
/// <remarks>
/// Each record says what happened and to which object (message and target), and what to do instead
/// (<see cref="ErrorDetails.RecommendedAction"/>, which PowerShell 7.5 and later print below the message). The ids, the first half of
/// <c>FullyQualifiedErrorId</c>, are public interface: scripts compare them. A violation's id is its
/// <see cref="MapViolationKind"/>.
/// </remarks>
internal static class Errors
{
    private const int LongestDescription = 80;

    /// <summary>A forbidden overlap, reported by a cmdlet or carried by the exception itself.</summary>
    /// <param name="exception">The violation.</param>
    /// <param name="target">The map, or its name.</param>
    /// <param name="isRunning">True if the iteration in the way is known to be running, so that nobody needs to be told how to end a forgotten one.</param>
    public static ErrorRecord Violation(GuardedMaps.MapViolationException exception, object target, bool isRunning = false)
    {
        string message = exception.Message;
        string remedy = exception.Violation.WayOut is { } wayOut ? $"{exception.Remedy} {wayOut}" : exception.Remedy;

        // The message ends with the remedy, for those who only ever see the message. A record has a place of its own for it.
        if (message.EndsWith(remedy, StringComparison.Ordinal)) message = message[..^remedy.Length].TrimEnd();
        return Record(exception, exception.Kind.ToString(), CategoryOf(exception.Kind), target, message, isRunning ? exception.Remedy : remedy);
    }

    /// <summary>A violation found inside an exception that PowerShell wrapped around it, or null.</summary>
    public static GuardedMaps.MapViolationException? FindViolation(Exception? exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is GuardedMaps.MapViolationException violation) return violation;
        }

        return null;
    }

    /// <summary>True if a cmdlet of this module has already made the violation's error its own.</summary>
    public static bool IsFromCmdlet(ErrorRecord error, GuardedMaps.MapViolationException violation) =>
        error.FullyQualifiedErrorId.StartsWith($"{violation.Kind},{typeof(Commands.InvokeMapIterationCommand).Namespace}.", StringComparison.Ordinal);

    /// <summary>An iteration that could not begin or go on.</summary>
    public static ErrorRecord IterationFailed(Exception failure, IMap map) => FindViolation(failure) is { } violation
        ? Violation(violation, map)
        : Record(failure, "IterationFailed", ErrorCategory.InvalidOperation, map, "Check the arguments. If the map's keys are compared by a comparer of your own, make sure that it cannot throw.");

    public static ErrorRecord NotGuarded(IMap map, string why) => Record(
        new NotSupportedException(SafeText.Message($"The map '{map.Name}' is of the kind {map.Kind}, and this is for guarded maps: {why}")),
        "NotGuarded",
        ErrorCategory.InvalidType,
        map,
        "Make a guarded map where you want to see this: New-GuardedMap, without -Kind.");

    public static ErrorRecord ParameterNotOfKind(string parameter, MapKind kind, string why, string instead) => Record(
        new InvalidOperationException(SafeText.Message($"-{parameter} is not for a map of the kind {kind}: {why}")),
        "ParameterNotOfKind",
        ErrorCategory.InvalidArgument,
        kind,
        instead);

    public static ErrorRecord NoVersionToCompare() => Record(
        new InvalidOperationException("-DetectLostUpdates was asked for together with -Protection None, and a map without protection has no version by which a lost update could be noticed."),
        "NoVersionToCompare",
        ErrorCategory.InvalidArgument,
        MapProtection.None,
        "Leave -Protection out, or choose Synchronized.");

    public static ErrorRecord NothingToReport(MapProtection protection) => Record(
        new InvalidOperationException($"-OnViolation Report was asked for together with -Protection {protection}, under which nothing is refused that could be reported."),
        "NothingToReport",
        ErrorCategory.InvalidArgument,
        protection,
        "Leave -Protection out: a map that reports waits as a synchronized one does, and says what a guarded one would have refused.");

    public static ErrorRecord NoStateToInclude(IMap map) => Record(
        new NotSupportedException(SafeText.Message($"The map '{map.Name}' is of the kind {map.Kind}, and -IncludeState adds where an iterator stands among the buckets of a guarded map. There are none here.")),
        "NoStateToInclude",
        ErrorCategory.InvalidArgument,
        map,
        "Leave -IncludeState out, or iterate over a guarded map.");

    public static ErrorRecord SnapshotOfAnother(Exception cause, IMap map) => Record(
        cause,
        "SnapshotOfAnother",
        ErrorCategory.InvalidArgument,
        map,
        "Give a snapshot that was taken of this very map: $s = Get-MapSnapshot $m.");

    public static ErrorRecord ContractNotOfKind(IMap map, IterationContract asked) => Record(
        new NotSupportedException(SafeText.Message($"The map '{map.Name}' is of the kind {map.Kind}, whose iterations all have the contract {map.Contract}. {asked} was asked for, and it cannot be kept.")),
        "ContractNotOfKind",
        ErrorCategory.InvalidArgument,
        map,
        $"Leave -Contract out, or say -Contract {map.Contract}. A guarded map has all five contracts: New-GuardedMap.");

    public static ErrorRecord ContractNotOfProtection(string map, string why, IterationContract asked, string instead) => Record(
        new NotSupportedException($"-Contract {asked} was asked for, and {map} {why}."),
        "ContractNotOfKind",
        ErrorCategory.InvalidArgument,
        asked,
        instead);

    public static ErrorRecord KeyHasNoOrder(object? target, KeyOrderException cause) => Record(
        cause,
        "KeyHasNoOrder",
        ErrorCategory.InvalidType,
        target,
        "Use a property with an order as the key (-KeyProperty Name), or a kind that needs none: -Kind Sync or -Kind Snapshot.");

    public static ErrorRecord KeyTypeHasNoOrder(Type type) => Record(
        new InvalidOperationException(SafeText.Message($"-KeyType {type} has no order, since it does not implement IComparable, and a map of the kind Ordered keeps its keys in order.")),
        "KeyTypeHasNoOrder",
        ErrorCategory.InvalidArgument,
        type,
        "Give a type with an order, such as [string], [int] or [datetime], or choose a kind that needs none: -Kind Sync or -Kind Snapshot.");

    public static ErrorRecord NotTraced(IMap map) => Record(
        new InvalidOperationException(SafeText.Message($"The map '{map.Name}' records no events: it was made without -Trace.")),
        "NotTraced",
        ErrorCategory.InvalidOperation,
        map,
        "Make it with -Trace: New-GuardedMap -Trace. What has happened already cannot be recorded afterwards.");

    /// <summary>An atomic update that changed nothing.</summary>
    public static ErrorRecord UpdateFailed(Exception failure, IMap map, object key) => FindViolation(failure) is { } violation ? Violation(violation, map) : failure switch
    {
        UpdateScriptException script => Record(
            script.InnerException!,
            "UpdateScriptFailed",
            ErrorCategory.OperationStopped,
            key,
            $"The script block for key '{SafeText.Of(key)}' failed{At(script.Cause)}: {script.Message} The entry is as it was.",
            "Correct the script block, or catch the error inside it and return the value to store."),
        OverflowException => Record(
            failure,
            "NumberOverflow",
            ErrorCategory.LimitsExceeded,
            key,
            $"The sum for key '{SafeText.Of(key)}' of map '{SafeText.Line(map.Name)}' does not fit the number's type. The entry is as it was.",
            "Store a wider number first, such as [decimal] or [bigint]."),
        KeyOrderException order => KeyHasNoOrder(key, order),
        ArgumentException => Record(
            failure,
            "WrongType",
            ErrorCategory.InvalidType,
            key,
            $"The map has keys of type {map.KeyType.Name} and values of type {map.ValueType.Name}. Convert what you give it, or make the map without -KeyType and -ValueType."),
        _ => Record(
            failure,
            "ValueNotFit",
            ErrorCategory.InvalidType,
            key,
            "Compute the new value with -ScriptBlock, for instance: Update-MapEntry $m key { \"$_ and more\" }."),
    };

    public static ErrorRecord NullInput(object? target) => Record(
        new InvalidDataException("The input is $null, so there is nothing to take keys and values from."),
        "NullInput",
        ErrorCategory.InvalidData,
        target,
        "Give a hashtable or objects, or leave -InputObject out for an empty map.");

    public static ErrorRecord InputNeedsKeyProperty(object input) => Record(
        new InvalidOperationException(SafeText.Message($"The input {Describe(input)} is neither a dictionary nor one of its entries, and -KeyProperty does not say which of its properties is the key.")),
        "InputNeedsKeyProperty",
        ErrorCategory.InvalidArgument,
        input,
        $"Name the property that holds the key, for instance: -KeyProperty {PropertyNames(input).FirstOrDefault() ?? "Name"}.");

    public static ErrorRecord KeyPropertyNotFound(object input, string property) => Record(
        new InvalidDataException(SafeText.Message($"The input {Describe(input)} has no property '{property}', so it has no key. It was left out; the other objects are not affected.")),
        "KeyPropertyNotFound",
        ErrorCategory.InvalidData,
        input,
        Choose("-KeyProperty", input, property));

    public static ErrorRecord ValuePropertyNotFound(object input, string property, object key) => Record(
        new InvalidDataException(SafeText.Message($"The input {Describe(input)}, key '{key}', has no property '{property}', so it has no value. It was left out; the other objects are not affected.")),
        "ValuePropertyNotFound",
        ErrorCategory.InvalidData,
        input,
        Choose("-ValueProperty", input, property) + " Leave -ValueProperty out to store the whole object.");

    public static ErrorRecord NoInputFits(ErrorRecord last, int tried) => Record(
        new InvalidDataException(SafeText.Message($"None of the first {tried} objects could be stored, so the rest was not tried and no map was made. The last one: {last.Exception.Message:all}")),
        "NoInputFits",
        ErrorCategory.InvalidData,
        last.TargetObject,
        last.ErrorDetails?.RecommendedAction ?? "Correct what the errors before this one say.");

    public static ErrorRecord PropertyUnreadable(object input, string property, Exception cause) => Record(
        new InvalidOperationException(SafeText.Message($"Reading the property '{property}' of {Describe(input)} failed: {cause.Message:all} The object was left out; the others are not affected."), cause),
        "PropertyUnreadable",
        ErrorCategory.ReadError,
        input,
        "Choose another property, or compute it first: Select-Object with a calculated property.");

    public static ErrorRecord NullKey(object input, string? property) => Record(
        new InvalidDataException(property is null
            ? $"The key of {Describe(input)} is $null, and a map's key cannot be null. The entry was left out; the others are not affected."
            : $"The property '{property}' of {Describe(input)} is $null, and a map's key cannot be null. The object was left out; the others are not affected."),
        "NullKey",
        ErrorCategory.InvalidData,
        input,
        "Filter such objects out first, or choose a property that every object has.");

    public static ErrorRecord KeyConversionFailed(object input, object key, Type type, Exception cause) => Record(
        new InvalidCastException(SafeText.Message($"The key '{key}' ({key.GetType().Name}) of {Describe(input)} cannot be converted to {type.Name}: {cause.Message:all} It was left out; the others are not affected."), cause),
        "KeyConversionFailed",
        ErrorCategory.InvalidType,
        input,
        $"Choose a -KeyType that fits every key, or leave it out: without it keys keep the types they have.");

    public static ErrorRecord ValueConversionFailed(object input, object key, Type type, Exception cause) => Record(
        new InvalidCastException(SafeText.Message($"The value under the key '{key}' of {Describe(input)} cannot be converted to {type.Name}: {cause.Message:all} It was left out; the others are not affected."), cause),
        "ValueConversionFailed",
        ErrorCategory.InvalidType,
        input,
        $"Choose a -ValueType that fits every value, or leave it out: without it values keep the types they have.");

    public static ErrorRecord KeyCollision(object input, object first, object second) => Record(
        new InvalidDataException(SafeText.Message($"The dictionary {Describe(input)} holds the keys '{first}' and '{second}', which are one key to a map that does not distinguish case. A dictionary has no order, so neither is the last one; no map was made.")),
        "KeyCollision",
        ErrorCategory.InvalidData,
        input,
        "Add -CaseSensitive to keep both keys, or remove one of them.");

    public static ErrorRecord InvalidType(string parameter, Type type) => Record(
        new InvalidOperationException(SafeText.Message($"{parameter} cannot be {type}: a map cannot hold values of this type.")),
        "InvalidType",
        ErrorCategory.InvalidArgument,
        type,
        $"Give a type that variables can have, for instance: {parameter} ([string]).");

    public static ErrorRecord UnknownName(string parameter, string name, Exception cause, IEnumerable<string> valid) => Record(
        cause,
        $"Unknown{parameter}",
        ErrorCategory.ObjectNotFound,
        name,
        $"Valid values of -{parameter} (wildcards are allowed): {string.Join(", ", valid)}.");

    public static ErrorRecord LoadNotPlayable(Exception cause) => Record(
        cause,
        "LoadNotPlayable",
        ErrorCategory.InvalidArgument,
        null,
        "Correct what the message names. Measure-MapChoice without parameters plays 90 reads and 10 writes of 10,000 entries on 2 threads; Measure-MapChoice -Load plays what many programs do.");

    public static ErrorRecord LoadNotRead(Exception cause, string path) => Record(
        cause,
        "LoadNotRead",
        ErrorCategory.ReadError,
        path,
        "Give a text file that exists and may be read.");

    public static ErrorRecord LoadMalformed(Exception cause, string path) => Record(
        cause,
        "LoadMalformed",
        ErrorCategory.InvalidData,
        path,
        "Write an operation on each line: read, write, remove or increment, a comma and a key; or iterate.");

    public static ErrorRecord NothingToRace(IEnumerable<string> scenarios, IEnumerable<string> targets, string why, string instead) => Record(
        new InvalidOperationException(SafeText.Message($"None of the chosen scenarios ({string.Join(", ", scenarios):all}) can be run so on {(targets.Any() ? $"any of the chosen targets ({string.Join(", ", targets)})" : "any target"):all}: {why:all}.")),
        "NothingToRace",
        ErrorCategory.InvalidArgument,
        null,
        instead);

    public static ErrorRecord RaceNotStarted(Exception cause, string scenario, string target) => Record(
        cause,
        "RaceNotStarted",
        ErrorCategory.ResourceUnavailable,
        target,
        $"Race a target that needs no process of its own (GuardedMap, ConcurrentDictionary), or put dotnet or pwsh on the PATH. The scenario was {scenario}.");

    public static ErrorRecord InvalidRace(Exception cause, string scenario, string target) => Record(
        cause,
        "InvalidRace",
        ErrorCategory.InvalidArgument,
        target,
        $"Change -Count, -Duration or -Operations as the message says. The scenario was {scenario}.");

    public static ErrorRecord InvalidExploration(Exception cause, string what) => Record(
        cause,
        "InvalidExploration",
        ErrorCategory.InvalidArgument,
        what,
        "Change -Search, -Budget, -Duration or -Preemptions as the message says.");

    public static ErrorRecord NoProgramsOn(Exception cause, string target) => Record(
        cause,
        "NoProgramsOn",
        ErrorCategory.InvalidArgument,
        target,
        "Give -Target one of those the message names, or leave it out. What can be run on any container are your own scripts: Start-MapRace -Actor { ... }, { ... }.");

    public static ErrorRecord InvalidPrograms(Exception cause, string what) => Record(
        cause,
        "InvalidPrograms",
        ErrorCategory.InvalidArgument,
        what,
        "Change -Operations, -Budget, -Duration or -Preemptions as the message says.");

    public static ErrorRecord SetupFailed(Exception cause, object? target) => Record(
        cause,
        "SetupFailed",
        ErrorCategory.InvalidOperation,
        target,
        "Run the script by itself first: $map = @{}; $map | ForEach-Object $setup. It gets the map as $_, or as the first parameter of a param() block.");

    public static ErrorRecord NotCovered(NotCoveredException cause) => Record(
        cause,
        "NotCovered",
        ErrorCategory.NotImplemented,
        cause.Extent.Text,
        cause.Instead);

    public static ErrorRecord ActorCount(int count) => Record(
        new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"-Actor has {count} script blocks. So many have more orders than can be run in any useful time, and two or three show most races.")),
        "ActorCount",
        ErrorCategory.InvalidArgument,
        count,
        string.Create(CultureInfo.InvariantCulture, $"Give at most {Lab.OwnRace.MostActors}. With real threads it may be any number: -Mode Free."));

    public static ErrorRecord ActorsNotReady(Exception cause, object? target) => Record(
        cause,
        "ActorsNotReady",
        ErrorCategory.ResourceUnavailable,
        target,
        "See that a new session can have what the scripts use: [powershell]::Create() is as empty as the runspace of an actor.");

    public static ErrorRecord TokenNotReplayed(Exception cause, object? token) => Record(
        cause,
        "TokenNotReplayed",
        ErrorCategory.InvalidData,
        token,
        "Copy the whole token from the result it came from, or explore the scenario again: Start-MapRace -Mode Explore.");

    public static ErrorRecord TokenNeeded() => Record(
        new InvalidOperationException("-Mode Replay runs one schedule again, and no -Token says which."),
        "TokenNeeded",
        ErrorCategory.InvalidArgument,
        null,
        "Give a token from an earlier result: Start-MapRace -Token GMR1:... The Tab key completes those of this session.");

    public static ErrorRecord TokenIsForReplay(Lab.MapRaceMode mode) => Record(
        new InvalidOperationException(SafeText.Message($"A -Token is one schedule to run again, and -Mode {mode} chooses schedules of its own.")),
        "TokenIsForReplay",
        ErrorCategory.InvalidArgument,
        mode,
        "Leave -Mode out, or leave -Token out.");

    public static ErrorRecord ScriptsNeeded(string token) => Record(
        new InvalidOperationException(SafeText.Message($"The token '{token}' is of scripts, and the scripts it was made from are not known to this session: a token names them by a checksum alone.")),
        "ScriptsNeeded",
        ErrorCategory.InvalidArgument,
        token,
        "Give the same scripts with it: Start-MapRace -Actor { ... }, { ... } -Setup { ... } -Check { ... } -Token <token>.");

    public static ErrorRecord ScriptsAreWhole(string token, string what) => Record(
        new InvalidOperationException(SafeText.Message($"The token '{token}' is of scripts, which cannot be {what}: their actors have threads of their own in any replay.")),
        "ScriptsAreWhole",
        ErrorCategory.InvalidArgument,
        token,
        "Leave -OnThreads out: Start-MapRace -Token <token>. What the operating system makes of the scripts shows -Actor ... -Mode Free.");

    public static ErrorRecord OperationsAreWhole(Exception cause, string token) => Record(
        cause,
        "OperationsAreWhole",
        ErrorCategory.InvalidArgument,
        token,
        "Replay it as it is: Start-MapRace -Token <token>. For a schedule that threads can follow, explore the scenario with -Grain Access, on a target such as GuardedMap or SyncMap.");

    public static ErrorRecord OneAtATime(string first, string second) => Record(
        new InvalidOperationException(SafeText.Message($"-{first} and -{second} are two things to do with a schedule, and a call does one.")),
        "OneAtATime",
        ErrorCategory.InvalidArgument,
        null,
        $"Leave one of the two out. What -{second} writes has a token that -{first} takes.");

    public static ErrorRecord ParameterOfAnotherMode(string parameter, Lab.MapRaceMode mode) => Record(
        new InvalidOperationException(mode == Lab.MapRaceMode.Free
            ? $"-{parameter} is for exploring schedules one by one, and -Mode Free leaves them to the operating system."
            : $"-{parameter} is for races with real threads, and here schedules are run one by one (-Mode {mode}): -Budget says how many at most."),
        "ParameterOfAnotherMode",
        ErrorCategory.InvalidArgument,
        parameter,
        mode == Lab.MapRaceMode.Free ? "Leave it out and limit the race by -Count or -Duration, or use -Mode Explore." : "Leave it out and limit the search by -Budget or -Duration, or use -Mode Free.");

    public static ErrorRecord NoSchedule(object? target) => Record(
        new InvalidOperationException(SafeText.Message($"{Describe(target)} has no schedule to show. A race with real threads leaves none: the operating system tells nobody how it interleaved them.")),
        "NoSchedule",
        ErrorCategory.InvalidArgument,
        target,
        "Explore the scenario instead: Start-MapRace -Mode Explore | Show-MapRace.");

    public static ErrorRecord NoRaceYet() => Record(
        new InvalidOperationException("No race has been explored or replayed in this session, so there is none to show."),
        "NoRaceYet",
        ErrorCategory.ObjectNotFound,
        null,
        "Explore one first: Start-MapRace LostUpdate -Mode Explore | Show-MapRace. Or give a token: Show-MapRace -Token GMR1:...");

    public static ErrorRecord NotReportable(object? input) => Record(
        new InvalidDataException(SafeText.Message($"{Describe(input)} is no result of a race. It was left out; the others are not affected.")),
        "NotReportable",
        ErrorCategory.InvalidType,
        input,
        "Report what Start-MapRace writes: Start-MapRace -Scenario * -Target * | Export-MapRaceReport race.html.");

    public static ErrorRecord KeyNotFit(IMap map, object key) => Record(
        new InvalidCastException(SafeText.Message($"The key {Describe(key)} cannot be a key of map '{map.Name}', which has keys of type {map.KeyType.Name}.")),
        "KeyNotFit",
        ErrorCategory.InvalidType,
        key,
        $"Give a key that can be converted to {map.KeyType.Name}.");

    public static ErrorRecord RecordedAlready(Exception cause, IMap map) => Record(
        cause,
        "RecordedAlready",
        ErrorCategory.ResourceBusy,
        map,
        "Record one run after the other: a map has one recorder at a time.");

    public static ErrorRecord RunFailed(Lab.OperationFault fault, IMap map) => Record(
        new InvalidOperationException(SafeText.Message($"The script block failed{(fault.Position is null ? "" : $" at {fault.Position}")}: {fault.Message:all} What the map did until then is recorded.")),
        "RunFailed",
        ErrorCategory.OperationStopped,
        map,
        "Correct the script block, or catch the error inside it. The map is in $_, or in the first parameter of a block that has some.");

    public static ErrorRecord NotDrawable(object? input) => Record(
        new InvalidDataException(SafeText.Message($"{Describe(input)} is neither a picture nor a recording. Nothing was written.")),
        "NotDrawable",
        ErrorCategory.InvalidType,
        input,
        "Give what a Show cmdlet puts out without -As (Show-MapLayout $m | Export-MapPicture layout.svg), or what Trace-GuardedMap does.");

    public static ErrorRecord OnePictureOnly(string path, object input) => Record(
        new InvalidOperationException(SafeText.Message($"'{path}' is one file and holds one picture, which is written already; this one was left out.")),
        "OnePictureOnly",
        ErrorCategory.LimitsExceeded,
        input,
        "Export each picture to a file of its own: ... | ForEach-Object { $_ | Export-MapPicture \"picture$((++$n)).svg\" }.");

    public static ErrorRecord PictureFormat(string path, string what, string possible) => Record(
        new NotSupportedException(SafeText.Message($"{what} cannot be written as '{System.IO.Path.GetFileName(path)}': the extension says what to write, and can be {possible} here.")),
        "PictureFormat",
        ErrorCategory.InvalidArgument,
        path,
        $"Give a path that ends in {possible}.");

    public static ErrorRecord FileExists(string path) => Record(
        new IOException(SafeText.Message($"The file '{path}' is there already, and -NoClobber leaves it alone. Nothing was written.")),
        "FileExists",
        ErrorCategory.ResourceExists,
        path,
        "Give another path, or leave -NoClobber out.");

    public static ErrorRecord FileNotWritten(Exception cause, string path) => Record(
        cause,
        "FileNotWritten",
        ErrorCategory.WriteError,
        path,
        "Give a path in a folder that exists and may be written to.");

    public static ErrorRecord UnknownLesson(string asked, Lab.Lessons.LessonLibrary library) => Record(
        new InvalidOperationException(SafeText.Message($"There is no lesson '{asked}'.{(library.Nearest(asked) is { } near ? $" Did you mean '{near}'?" : "")}")),
        "UnknownLesson",
        ErrorCategory.ObjectNotFound,
        asked,
        library.Files.Count == 0
            ? $"There are no lessons at all in '{library.Folder}'. Install the module again, or give a notebook of your own: -Path."
            : $"The lessons are: {string.Join(", ", library.Names)}. Give a number or a name.");

    public static ErrorRecord BrokenNotebook(Exception cause, string path) => Record(
        cause,
        "BrokenNotebook",
        ErrorCategory.InvalidData,
        path,
        "Correct the file at that place, or take the original again: a lesson comes with the module. The other lessons are not affected.");

    public static ErrorRecord NotebookNotRead(Exception cause, string path) => Record(
        cause,
        "NotebookNotRead",
        ErrorCategory.ReadError,
        path,
        "Give the path of a notebook (.ipynb) that is there and may be read.");

    public static ErrorRecord UnknownExercise(string asked) => Record(
        new InvalidOperationException(SafeText.Message($"There is no exercise '{asked}'.")),
        "UnknownExercise",
        ErrorCategory.ObjectNotFound,
        asked,
        $"An exercise is named by its lesson and its place in it, such as 3.2. There are: {string.Join(", ", Lab.Lessons.ExerciseCatalogue.All.Where(e => e.Lesson > 0).Select(e => e.Number))}.");

    public static ErrorRecord PromptNeeded(Exception cause) => Record(
        cause,
        "PromptNeeded",
        ErrorCategory.InvalidOperation,
        null,
        "A lesson is a conversation. Play it in an interactive PowerShell, or run all of it at once: Start-MapLesson -All.");

    public static ErrorRecord LessonInNotebook(string host, string path) => Record(
        new InvalidOperationException($"A lesson is played in a terminal, where it can ask, and this is a notebook ({host}): nobody answers here. No cell was run."),
        "LessonInNotebook",
        ErrorCategory.InvalidOperation,
        path,
        $"Open the lesson itself as a notebook, '{path}', and run its cells. Or run all of them here: Start-MapLesson -All. Or play it in a terminal: pwsh, then Start-MapLesson.");

    public static ErrorRecord AllNeeded() => Record(
        new InvalidOperationException("-SaveOutput saves what all the cells of a lesson showed, and without -All not all of them are run."),
        "AllNeeded",
        ErrorCategory.InvalidArgument,
        null,
        "Add -All, or leave -SaveOutput out.");

    public static ErrorRecord ProgressNotKept(Exception cause, string path) => Record(
        cause,
        "ProgressNotKept",
        ErrorCategory.WriteError,
        path,
        $"The lesson goes on, and what you do in it will not be remembered. Make that folder writable, or name another in the environment variable {Lab.Lessons.ProgressFile.FolderVariable}.");

    public static ErrorRecord KernelNotInstalled(Exception cause, string path) => Record(
        cause,
        "KernelNotInstalled",
        ErrorCategory.WriteError,
        path,
        "Give a folder that may be written to: -Prefix, -Path, or -Scope CurrentUser.");

    public static ErrorRecord ForeignKernel(string folder, string what) => Record(
        new InvalidOperationException(SafeText.Message($"In '{folder}' there is {what}, which GuardedMap has not installed. Nothing was written.")),
        "ForeignKernel",
        ErrorCategory.ResourceExists,
        folder,
        "Give the kernel another name (-Name), or add -Force to replace what is there.");

    public static ErrorRecord ScriptNotFound(string path) => Record(
        new FileNotFoundException(SafeText.Message($"There is no script '{path}' to check. The other paths are not affected."), path),
        "ScriptNotFound",
        ErrorCategory.ObjectNotFound,
        path,
        "Give a file, a folder, or a wildcard that matches some: Test-MapUsage ./src, ./build.ps1. Folders are searched for .ps1 and .psm1 files, with all folders below.");

    public static ErrorRecord ScriptNotRead(Exception cause, string path) => Record(
        cause,
        "ScriptNotRead",
        ErrorCategory.ReadError,
        path,
        $"The script '{path}' could not be read: {cause.Message} The others are not affected.",
        "Make the file readable, or leave it out.");

    public static ErrorRecord ScriptNotWritten(Exception cause, string path) => Record(
        cause,
        "ScriptNotWritten",
        ErrorCategory.WriteError,
        path,
        $"The repaired script '{path}' could not be written: {cause.Message} It is as it was.",
        "Make the file and its folder writable, or use -Diff and apply the difference yourself.");

    public static ErrorRecord NotCheckable(object? input) => Record(
        new InvalidDataException(SafeText.Message($"{Describe(input)} is nothing that Test-MapUsage can check. It was left out; the others are not affected.")),
        "NotCheckable",
        ErrorCategory.InvalidType,
        input,
        "Pipe in text, script blocks, functions (Get-Command), files or folders (Get-ChildItem).");

    public static ErrorRecord UnknownRule(string rule, IEnumerable<string> known) => Record(
        new ItemNotFoundException(SafeText.Message($"No rule is called '{rule}'. The rules are: {string.Join(", ", known):all}.")),
        "NoSuchRule",
        ErrorCategory.ObjectNotFound,
        rule,
        "Give an id such as GM1001, or a rule's name; wildcards are allowed. docs/rules has a page for each.");

    public static ErrorRecord UsageFound(int count, string level) => Record(
        new InvalidOperationException(SafeText.Message($"{count} finding{(count == 1 ? "" : "s")} of severity {level} or above. They have been written before this error, which -FailOn {level} asks for.")),
        "UsageFound",
        ErrorCategory.InvalidResult,
        count,
        "Repair them (-Fix repairs what is certain), or answer for them in the script: # GuardedMap: disable GM1001 - reason.");

    /// <summary>An object as an error message shows it: short, with its type, and safe even if its ToString is not.</summary>
    internal static string Describe(object? input)
    {
        object? bare = input is PSObject wrapped ? wrapped.BaseObject : input;
        string text;
        try
        {
            text = bare is IDictionary dictionary
                ? string.Create(CultureInfo.InvariantCulture, $"({dictionary.Count} entries)")
                : Convert.ToString(input, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // ToString is user code and runs while an error is being described: it must not replace that error.
            text = $"whose ToString threw {e.GetType().Name}";
        }

        text = SafeText.Line(text.ReplaceLineEndings(" "), LongestDescription);
        string type = bare?.GetType().Name ?? "null";
        return bare is IDictionary ? $"{type} {text}" : $"'{text}' ({type})";
    }

    private static string At(ErrorRecord error) =>
        error.InvocationInfo is { ScriptLineNumber: > 0 } at ? string.Create(CultureInfo.InvariantCulture, $" at line {at.ScriptLineNumber}, {SafeText.Line(at.Line.Trim())}") : "";

    private static ErrorCategory CategoryOf(MapViolationKind kind) => kind switch
    {
        MapViolationKind.IteratorDone or MapViolationKind.ForeignIterator => ErrorCategory.InvalidOperation,
        MapViolationKind.ReentrantWrite or MapViolationKind.ReentrantRead => ErrorCategory.DeadlockDetected,
        MapViolationKind.DeferredWriteFailed or MapViolationKind.StaleWrite => ErrorCategory.WriteError,
        _ => ErrorCategory.ResourceBusy,
    };

    private static string Choose(string parameter, object input, string asked)
    {
        // Most likely the name was mistyped: those that begin alike come first.
        string names = string.Join(", ", PropertyNames(input).OrderByDescending(name => CommonStart(name, asked)).Take(12));
        return names.Length == 0
            ? "The object has no properties at all; filter such objects out first."
            : $"Choose a {parameter} that every object has. This one has: {names}.";
    }

    private static int CommonStart(string name, string asked)
    {
        int length = 0;
        while (length < name.Length && length < asked.Length && char.ToUpperInvariant(name[length]) == char.ToUpperInvariant(asked[length])) length++;
        return length;
    }

    private static IEnumerable<string> PropertyNames(object input)
    {
        object bare = input is PSObject wrapped ? wrapped.BaseObject : input;
        return bare is IDictionary dictionary
            ? dictionary.Keys.Cast<object>().Select(k => Convert.ToString(k, CultureInfo.InvariantCulture) ?? "")
            : PSObject.AsPSObject(input).Properties.Select(p => p.Name);
    }

    private static ErrorRecord Record(Exception exception, string id, ErrorCategory category, object? target, string remedy) =>
        Record(exception, id, category, target, exception is ArgumentException { ParamName: not null } a ? Bare(a) : exception.Message, remedy);

    private static ErrorRecord Record(Exception exception, string id, ErrorCategory category, object? target, string message, string remedy) =>
        // What others have written (names, keys, messages of other people's exceptions) stands in all of them: no text of an error does anything but be read.
        new(exception, id, category, target) { ErrorDetails = new ErrorDetails(SafeText.Told(message)) { RecommendedAction = SafeText.Told(remedy) } };

    /// <summary>An argument exception's message without the "(Parameter 'x')" that .NET appends and that means nothing at a prompt.</summary>
    private static string Bare(ArgumentException exception)
    {
        string suffix = $" (Parameter '{exception.ParamName}')";
        return exception.Message.EndsWith(suffix, StringComparison.Ordinal) ? exception.Message[..^suffix.Length] : exception.Message;
    }
}
