using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab.Tests.Files;

/// <summary>A file is written wholly or not at all, and nothing else is touched.</summary>
public sealed class WholeFileTests
{
    [SkippableFact]
    public void A_file_is_made_and_replaced_and_nothing_is_left_beside_it()
    {
        string file = TestFolder.FileNamed("a.txt");
        WholeFile.Write(file, "one");
        Assert.Equal("one", File.ReadAllText(file));
        WholeFile.Write(file, "two, ä");
        Assert.Equal("two, ä"u8.ToArray(), File.ReadAllBytes(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [SkippableFact]
    public void Where_replacing_is_not_wanted_a_file_that_is_there_stays()
    {
        string file = TestFolder.FileNamed("a.txt");
        WholeFile.Write(file, "one", replaces: false);
        Assert.ThrowsAny<IOException>(() => WholeFile.Write(file, "two", replaces: false));
        Assert.Equal("one", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [SkippableFact]
    public void Of_a_link_the_file_is_written_that_it_leads_to_and_the_link_stays()
    {
        string file = TestFolder.FileNamed("real.txt");
        string link = Path.Combine(Path.GetDirectoryName(file)!, "link.txt");
        string again = Path.Combine(Path.GetDirectoryName(file)!, "again.txt");
        File.WriteAllText(file, "one");
        Skip.IfNot(CanLink(link, "real.txt"), "links are not allowed here");
        File.CreateSymbolicLink(again, link);
        WholeFile.Write(again, "two");
        Assert.Equal("two", File.ReadAllText(file));
        Assert.Equal("real.txt", new FileInfo(link).LinkTarget);
        Assert.Equal(link, new FileInfo(again).LinkTarget);

        // One that leads to nothing yet makes the file it leads to.
        string dangling = Path.Combine(Path.GetDirectoryName(file)!, "dangling.txt");
        File.CreateSymbolicLink(dangling, "new.txt");
        WholeFile.Write(dangling, "three");
        Assert.Equal("three", File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "new.txt")));
        Assert.NotNull(new FileInfo(dangling).LinkTarget);
    }

    [SkippableFact]
    public void Links_in_a_circle_are_refused_with_the_reason()
    {
        string a = TestFolder.FileNamed("a"), b = Path.Combine(Path.GetDirectoryName(a)!, "b");
        Skip.IfNot(CanLink(a, b), "links are not allowed here");
        File.CreateSymbolicLink(b, a);
        Assert.Contains("is a link that leads to no file", Assert.ThrowsAny<IOException>(() => WholeFile.Write(a, "x")).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Permissions_stay()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows keeps them in another way");
        if (OperatingSystem.IsWindows()) return;
        string file = TestFolder.FileNamed("script.ps1");
        File.WriteAllText(file, "one");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        WholeFile.Write(file, "two");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_folder_is_no_file_and_a_file_that_may_not_be_written_stays()
    {
        string file = TestFolder.FileNamed("locked.txt");
        Assert.ThrowsAny<Exception>(() => WholeFile.Write(Path.GetDirectoryName(file)!, "x"));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!));
        File.WriteAllText(file, "one");
        new FileInfo(file).IsReadOnly = true;
        try
        {
            if (Environment.UserName == "root")
            {
                // Who may write whatever it likes.
                WholeFile.Write(file, "two");
                Assert.Equal("two", File.ReadAllText(file));
                return;
            }

            Assert.ThrowsAny<UnauthorizedAccessException>(() => WholeFile.Write(file, "two"));
            Assert.Equal("one", File.ReadAllText(file));
        }
        finally
        {
            new FileInfo(file).IsReadOnly = false;
        }
    }

    [SkippableFact]
    public void A_device_is_written_and_stays_one()
    {
        Skip.IfNot(File.Exists("/dev/null"), "there is no /dev/null");
        WholeFile.Write("/dev/null", "gone");
        Assert.Equal("", File.ReadAllText("/dev/null"));
        if (File.Exists("/dev/full")) Assert.ThrowsAny<IOException>(() => WholeFile.Write("/dev/full", "no room"));
    }

    [SkippableFact]
    public void On_a_full_disk_the_old_file_stays_and_nothing_of_the_new_one()
    {
        Skip.IfNot(RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && Environment.UserName == "root", "a small disk can be made by root on Linux only");
        string disk = Path.GetDirectoryName(TestFolder.FileNamed("disk"))!;
        Skip.IfNot(Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk), "nothing may be mounted here");
        try
        {
            string file = Path.Combine(disk, "a.txt");
            WholeFile.Write(file, new string('a', 20_000));
            Assert.ThrowsAny<IOException>(() => WholeFile.Write(file, new string('b', 60_000)));
            Assert.Equal(new string('a', 20_000), File.ReadAllText(file));
            Assert.Equal([file], Directory.GetFiles(disk));
        }
        finally
        {
            Command("umount", disk);
        }
    }

    private static bool Command(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static bool CanLink(string link, string target)
    {
        try
        {
            File.CreateSymbolicLink(link, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
