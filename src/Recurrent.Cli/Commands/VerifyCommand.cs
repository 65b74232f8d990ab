using System.CommandLine;
using Recurrent.Cli.Output;
using Recurrent.Models;

namespace Recurrent.Cli.Commands;

/// <summary>Repeats the run that made a file, and compares.</summary>
internal static class VerifyCommand
{
    internal static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("model") { Description = "file of a fitted method or of a model, or its receipt" };
        var data = new Option<string?>("--data")
        {
            Description = "file of the data, where it is no longer where it was",
        };
        Option<bool> json = Common.Json();
        var command = new Command(
            "verify", "Repeat the run that made a file, by its receipt, and say whether the same bits come of it.");
        command.Add(file);
        command.Add(data);
        command.Add(json);
        command.SetAction((parsed, cancellation) => Task.FromResult(Verify(
            parsed.GetRequiredValue(file), parsed.GetValue(data), new Printer(output, parsed.GetValue(json)), error,
            cancellation)));
        return command;
    }

    private static int Verify(
        string path, string? data, Printer printer, TextWriter error, CancellationToken cancellation)
    {
        bool isReceipt = path.EndsWith(".receipt.json", StringComparison.OrdinalIgnoreCase);
        string receiptPath = isReceipt ? path : Receipt.PathFor(path);
        string model = isReceipt ? path[..^".receipt.json".Length] + ".json" : path;
        if (!File.Exists(receiptPath))
        {
            throw new UsageException($"There is no receipt '{receiptPath}'. The command fit writes one beside what it saves, "
                + "and a program with Receipt.Of(model, x, y).Save(…).");
        }

        Receipt receipt = Receipt.Load(receiptPath);
        var found = new List<ReceiptDifference>();
        if (File.Exists(model) && HashOf(receipt, model) is var hash && hash != receipt.WeightsHash)
        {
            found.Add(new(model, receipt.WeightsHash, hash));
        }

        if (receipt.Command.Count == 0)
        {
            return Tell(printer, receipt, found, repeated: null);
        }

        Receipt again = Repeat(receipt, data, cancellation);
        ReceiptCheck check = receipt.Compare(again);
        found.AddRange(check.Differences.Where(each => data is null || each.What != receipt.Data[0].Name));
        return Tell(printer, receipt, found, check.Same);
    }

    /// <summary>What the receipt calls weights, of the file as it is now.</summary>
    private static string HashOf(Receipt receipt, string model)
    {
        if (receipt.Kind == "model")
        {
            return Receipt.Of(Recurrent.Models.Model.Load(model, compile: false)).WeightsHash;
        }

        return Receipt.OfCommand(model, [], [], string.Empty).WeightsHash;
    }

    private static Receipt Repeat(Receipt receipt, string? data, CancellationToken cancellation)
    {
        string source = receipt.Data.Count > 0 ? receipt.Data[0].Name : string.Empty;
        string now = data ?? source;
        if (!File.Exists(now))
        {
            throw new UsageException($"The data '{now}' are not there. Say with --data where they are now.");
        }

        Receipt alike = Receipt.OfCommand(now, [now], [], string.Empty);
        if (receipt.Data.Count > 0 && alike.Data[0].Hash != receipt.Data[0].Hash)
        {
            throw new UsageException($"The data '{now}' have changed since the run: their SHA-256 was {receipt.Data[0].Hash} "
                + $"and is {alike.Data[0].Hash}.");
        }

        string folder = Directory.CreateTempSubdirectory("recurrent-verify-").FullName;
        try
        {
            string file = Path.Combine(folder, "model.json");
            string[] arguments = [.. receipt.Command.Select(part => part == source ? now : part), "--out", file];
            if (receipt.Command[0] != "fit")
            {
                throw new UsageException($"The receipt is of the command '{receipt.Command[0]}', which is not repeated.");
            }

            using var silent = new StringWriter();
            int code = App.Run(arguments, TextWriter.Null, silent, cancellation);
            return code == App.Done ? Receipt.Load(Receipt.PathFor(file))
                : throw new InvalidOperationException($"The run could not be repeated: {silent.ToString().Trim()}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Tell(Printer printer, Receipt receipt, List<ReceiptDifference> found, bool? repeated)
    {
        foreach (ReceiptDifference each in found)
        {
            printer.Line($"{each.What}: {each.Expected} → {each.Found}");
        }

        bool unchanged = found.Count == 0;
        string result = repeated switch
        {
            true when found.TrueForAll(each => !each.What.EndsWith(".json", StringComparison.Ordinal)) =>
                "The run was repeated and gave the same bits.",
            true => "The run was repeated and gave what the receipt says, but the file has been changed since.",
            false => "The run was repeated and gave other numbers. Another instruction set or version may round in another way.",
            _ => unchanged
                ? "The file is what the receipt says. A program has made it: repeat that with Receipt.Repeat."
                : "The file is not what the receipt says.",
        };
        bool good = repeated == true ? result.Contains("same bits", StringComparison.Ordinal) : repeated is null && unchanged;
        printer.Facts(new Facts
        {
            { "same", "Same", good },
            { "result", "Result", result },
            { "repeated", "Repeated", repeated is not null },
            { "seed", "Seed", receipt.Seed },
            { "library", "Library", receipt.LibraryVersion },
            { "runtime", "Runtime", receipt.Runtime },
            { "instruction_set", "Instruction set", receipt.InstructionSet },
            { "differences", "Differences", found.Count },
        });
        return good ? App.Done : App.Failed;
    }
}
