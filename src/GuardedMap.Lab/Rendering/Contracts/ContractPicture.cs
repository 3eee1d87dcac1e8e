using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// The contracts as a table, a guarded map's five and the one of the maps that refuse nothing: what becomes of a write that meets an iteration, what becomes of
/// the iteration, and what it sees. Every cell was tried when the picture was made.
/// </summary>
public sealed record ContractPicture : MapPicture
{
    private const int NameWidth = 10;
    private const int CellColumns = 17;
    private const int Margin = 18;
    private const int CellWidth = 190;
    private const int CellHeight = 72;
    private const int Left = 110;

    private readonly ContractTrial[][] _rows;

    /// <summary>Tries every write under every contract.</summary>
    /// <param name="fromOtherThread">True to let another thread write than the one that iterates.</param>
    public ContractPicture(bool fromOtherThread = false)
    {
        FromOtherThread = fromOtherThread;
        _rows = [.. Enum.GetValues<IterationContract>().Select(contract => Enum.GetValues<ContractWrite>().Select(write => ContractTrial.Run(contract, write, fromOtherThread)).ToArray())];
    }

    /// <summary>True if another thread wrote.</summary>
    public bool FromOtherThread { get; }

    /// <summary>The trials, contract by contract.</summary>
    public IReadOnlyList<ContractTrial> Trials => _rows.SelectMany(static row => row).ToArray();

    /// <inheritdoc/>
    public override string Title => $"What happens when {(FromOtherThread ? "another thread" : "the iterating thread")} writes during an iteration";

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        var lines = new List<PictureLine>();
        foreach (string line in RacePicture.Wrap(Title, width)) lines.Add(new PictureLine().Add(line, Ink.Strong));
        lines.Add(new PictureLine());
        lines.AddRange(width >= NameWidth + (4 * CellColumns) - 1 ? Table() : List());
        lines.Add(new PictureLine());
        foreach (string line in RacePicture.Wrap(Note, width)) lines.Add(new PictureLine().Add(line, Ink.Faint));
        return PictureLine.For(format, lines);
    }

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100)
    {
        var canvas = new SvgCanvas();
        canvas.Words(Margin, 30, Title, size: 14, bold: true);
        int top = 52;
        for (int i = 0; i < _rows[0].Length; i++)
        {
            int x = Left + (i * CellWidth);
            canvas.Words(x + 8, top + 12, _rows[0][i].Write.ToString(), bold: true);
            canvas.Words(x + 8, top + 28, Question(_rows[0][i].Write), SvgCanvas.Faint, size: 10);
        }

        top += 38;
        foreach (ContractTrial[] row in _rows)
        {
            canvas.Line(Margin, top, Left + (4 * CellWidth), top, SvgCanvas.Hair);
            string[] name = NameOf(row[0].Contract);
            for (int i = 0; i < name.Length; i++) canvas.Words(Margin, top + 24 + (i * 16), name[i], bold: true);
            for (int i = 0; i < row.Length; i++) Cell(canvas, row[i], Left + (i * CellWidth), top);
            top += CellHeight;
        }

        int y = top + 16;
        foreach (string line in RacePicture.Wrap(Note, 118))
        {
            canvas.Words(Margin, y, line, SvgCanvas.Faint, size: 11);
            y += 15;
        }

        return canvas.Finish(Title, Left + (4 * CellWidth) + Margin, y + 4);
    }

    private static string Note => string.Create(CultureInfo.InvariantCulture, $"Tried just now on real maps: an iteration over 100 keys, a write half way through, from {ContractTrial.Runs} starting places each. Under every contract each key that was there throughout was visited exactly once, unless the iteration failed. The first five are a guarded map's; {IterationContract.WeaklyConsistent} is that of a SyncMap and of an OrderedMap.");

    /// <summary>The contract's name, a longer one in two lines.</summary>
    private static string[] NameOf(IterationContract contract) =>
        contract == IterationContract.WeaklyConsistent ? ["Weakly", "Consistent"] : [contract.ToString()];

    private static string Question(ContractWrite write) => write switch
    {
        ContractWrite.Add => "new key seen?",
        ContractWrite.Update => "new value seen?",
        ContractWrite.Remove => "removed seen?",
        _ => "any key seen?",
    };

    private static (string Text, Ink Ink) VerdictOf(ContractTrial trial) => trial.Verdict switch
    {
        ContractVerdict.Refused => ("✗ refused", Ink.Alarm),
        ContractVerdict.Queued => ("… queued to end", Ink.Second),
        _ => ("✓ written", Ink.Third),
    };

    private static (string Text, Ink Ink) IterationOf(ContractTrial trial) => trial.IterationFailed ? ("✗ iteration fails", Ink.Alarm) : ("  goes on", Ink.Plain);

    private static string SightOf(ContractTrial trial) => trial.Sight switch
    {
        ContractSight.NotLooked => "",
        ContractSight.Never => "  seen: never",
        ContractSight.Always => "  seen: always",
        _ => "  seen: sometimes",
    };

    private IEnumerable<PictureLine> Table()
    {
        var head = new PictureLine().PadTo(NameWidth);
        var questions = new PictureLine().PadTo(NameWidth);
        for (int i = 0; i < _rows[0].Length; i++)
        {
            head.PadTo(NameWidth + (i * CellColumns)).Add(_rows[0][i].Write.ToString(), Ink.Strong);
            questions.PadTo(NameWidth + (i * CellColumns)).Add(Question(_rows[0][i].Write), Ink.Faint);
        }

        yield return head;
        yield return questions;
        foreach (ContractTrial[] row in _rows)
        {
            string[] name = NameOf(row[0].Contract);
            PictureLine[] lines = [new PictureLine().Add(name[0], Ink.Strong), new PictureLine().Add(name.ElementAtOrDefault(1) ?? "", Ink.Strong), new PictureLine()];
            for (int i = 0; i < row.Length; i++)
            {
                foreach (PictureLine line in lines) line.PadTo(NameWidth + (i * CellColumns));
                (string verdict, Ink verdictInk) = VerdictOf(row[i]);
                (string iteration, Ink iterationInk) = IterationOf(row[i]);
                lines[0].Add(verdict, verdictInk);
                lines[1].Add(iteration.Replace("iteration ", "iter. ", StringComparison.Ordinal), iterationInk);
                lines[2].Add(SightOf(row[i]), Ink.Faint);
            }

            foreach (PictureLine line in lines.Where(static line => line.ToString().Length > 0)) yield return line;
        }
    }

    private IEnumerable<PictureLine> List()
    {
        foreach (ContractTrial[] row in _rows)
        {
            yield return new PictureLine().Add(row[0].Contract.ToString(), Ink.Strong);
            foreach (ContractTrial trial in row)
            {
                (string verdict, Ink ink) = VerdictOf(trial);
                yield return new PictureLine().Add($"  {trial.Write}".PadRight(9)).Add(verdict, ink).Add(trial.IterationFailed ? ", iter. fails" : SightOf(trial).Replace("  seen: ", ", seen ", StringComparison.Ordinal), Ink.Faint);
            }
        }
    }

    private static void Cell(SvgCanvas canvas, ContractTrial trial, int x, int y)
    {
        (string verdict, Ink verdictInk) = VerdictOf(trial);
        (string iteration, Ink iterationInk) = IterationOf(trial);
        string colour = SvgCanvas.ColourOf(verdictInk);
        string title = $"{trial.Contract}, {trial.Write}: {trial.Verdict}{(trial.Violation is { } kind ? $", {kind}" : "")}";
        canvas.Box(x, y + 6, CellWidth - 10, CellHeight - 12, colour, 0.08, colour, trial.Verdict == ContractVerdict.Refused ? 2 : 1, 5, title, trial.Verdict == ContractVerdict.Queued ? "4 3" : null);
        canvas.Words(x + 8, y + 23, verdict, colour, bold: true);
        canvas.Words(x + 8, y + 40, iteration.Trim() == "goes on" ? "iteration goes on" : iteration, SvgCanvas.ColourOf(iterationInk), bold: trial.IterationFailed);
        canvas.Words(x + 8, y + 56, SightOf(trial).Trim(), SvgCanvas.Faint);
    }
}
