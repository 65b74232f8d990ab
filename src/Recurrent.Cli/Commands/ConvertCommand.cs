using System.CommandLine;
using Recurrent.Cli.Models;
using Recurrent.Cli.Output;
using Recurrent.Models;
using Recurrent.Tensors;

namespace Recurrent.Cli.Commands;

/// <summary>Turns a model of one kind of file into another.</summary>
internal static class ConvertCommand
{
    internal static Command Create(TextWriter output)
    {
        var from = new Argument<string>("in") { Description = "the file to read; what it is, its content says" };
        var to = new Argument<string>("out")
        {
            Description = "the file to write; what it is to be, its name says: "
                + string.Join(", ", ModelKind.Written.SelectMany(kind => kind.Ends)),
        };
        var kind = new Option<string?>("--to")
        {
            Description = "what to write, where the name does not say: "
                + $"{string.Join(", ", ModelKind.Written.Select(one => one.Name))}",
        };
        kind.AcceptOnlyFromAmong([.. ModelKind.Written.Select(one => one.Name)]);
        var model = new Option<string?>("--model")
        {
            Description = "the model that weights without one are of: a file of a model, or an architecture",
        };
        var map = new Option<string[]>("--map")
        {
            Description = "modules of PyTorch by names of layers: lstm=rnn lstm_1=rnn[1]",
            AllowMultipleArgumentsPerToken = true,
        };
        var names = new Option<string>("--names")
        {
            Description = "names of tensors in safetensors: keras (lstm/lstm_cell/kernel), or pytorch (lstm.weight_ih_l0)",
            DefaultValueFactory = _ => "keras",
        };
        names.AcceptOnlyFromAmong("keras", "pytorch");
        Option<bool> json = Common.Json();
        var command = new Command("convert", "Turn a model or weights of one kind of file into another.") { from, to };
        foreach (Option option in new Option[] { kind, model, map, names, json })
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            (string source, string target) = (parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
            ModelKind wanted = parsed.GetValue(kind) is { } named ? ModelKind.Written.First(one => one.Name == named)
                : ModelFiles.KindForName(target);
            ModelKind given = ModelFiles.RequireKind(source);
            Dictionary<string, string>? modules = Modules(parsed.GetValue(map));
            var printer = new Printer(output, parsed.GetValue(json));
            IReadOnlyList<string> notes;
            if (given.IsTensors && wanted.IsTensors && parsed.GetValue(model) is null)
            {
                notes = Copy(source, target);
            }
            else
            {
                (Model read, IReadOnlyList<string> said) =
                    ModelFiles.Load(source, given, parsed.GetValue(model), modules, compile: true);
                notes = [.. said, .. ModelFiles.Save(read, target, wanted, given.IsTensors ? null : modules,
                    torchNames: parsed.GetValue(names) == "pytorch")];
            }

            printer.Put("from", given.Name);
            printer.Put("to", wanted.Name);
            printer.Put("notes", notes.ToArray<object?>());
            foreach (string note in notes)
            {
                printer.Line(note);
            }

            printer.Line($"{target}: {wanted.Title}, from {given.Title}.");
            printer.Finish();
            return App.Done;
        });
        return command;
    }

    /// <summary>Tensors keep their names.</summary>
    private static string[] Copy(string source, string target)
    {
        using TensorFile file = TensorFile.Open(source);
        TensorFile.Save(target, file.Tensors.Select(tensor =>
            new KeyValuePair<string, NDArray>(tensor.Name, file.Read(tensor.Name))));
        string[] other = [.. file.Tensors.Select(tensor => tensor.DataType).Where(type => type != "float32").Distinct()];
        return other.Length == 0 ? [] : [$"Numbers that are {string.Join(", ", other)} are written as float32."];
    }

    private static Dictionary<string, string>? Modules(string[]? given)
    {
        if (given is not { Length: > 0 })
        {
            return null;
        }

        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in given)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !modules.TryAdd(pair[..equals], pair[(equals + 1)..]))
            {
                throw new UsageException($"--map takes each layer once, with its module: lstm=rnn, and not '{pair}'.");
            }
        }

        return modules;
    }
}
