using Newtonsoft.Json.Linq;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Tests.Docs;

/// <summary>The cell of docs/write-your-own-cell.md: it runs as the page says, and its gradient check finds planted
/// errors.</summary>
[TestFixture]
public sealed class OwnCellTests
{
    private static readonly string Root =
        Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));

    private static readonly NDArray X = new([6, 10, 1], [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([6, 1], [.. Enumerable.Range(0, 6).Select(i => MathF.Sin(i))]);

    private static CustomObjects Custom => new CustomObjects().Add<RecurrentCell>("LeakyCell", LeakyCell.Read);

    [TestCase("usings")]
    [TestCase("cell")]
    [TestCase("use")]
    public void The_code_in_the_page_is_the_code_that_is_compiled(string mark)
    {
        string source = File.ReadAllText(Path.Combine(Root, "tests", "Recurrent.Models.Tests", "Docs", "OwnCellExample.cs"))
            .ReplaceLineEndings("\n");
        string[] lines = source.Split($"// <{mark}>\n")[1].Split($"// </{mark}>")[0].Trim('\n', ' ').Split('\n');
        int indent = mark == "use" ? 4 : 0;
        string code = string.Join('\n', lines.Select((line, i) => i > 0 && line.Length >= indent ? line[indent..] : line));
        Assert.That(File.ReadAllText(Path.Combine(Root, "docs", "write-your-own-cell.md")).ReplaceLineEndings("\n"),
            Does.Contain("```csharp\n" + code + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-own-cell-{Environment.ProcessId}.json");
        try
        {
            Sequential loaded = OwnCellExample.Run(X, Y, path);
            Assert.That(((RNN)loaded.Layers[0]).Cell, Is.TypeOf<LeakyCell>());
            Assert.That(loaded.Predict(X).Shape, Is.EqualTo((int[])[6, 1]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void The_cell_runs_in_every_way_that_cells_do()
    {
        GradientCheck.Run(
            new RNN(new LeakyCell(3, 0.5, new() { Activation = "gelu", Dropout = 0.3, RecurrentDropout = 0.3, UseBias = false })),
            (4, 2), batch: 3, training: true).ThrowIfWrong();
        GradientCheck.Run(new RNN(new ZoneoutCell(new LeakyCell(3), 0.2, 0.2), goBackwards: true), (4, 2)).ThrowIfWrong();
        GradientCheck.Run(new RNN(new StackedRNNCells([new LeakyCell(3), new LSTMCell(2)]), returnSequences: true), (4, 2))
            .ThrowIfWrong();
        GradientCheck.Run(
            new Bidirectional(new RNN(new LeakyCell(3)), "mul", new RNN(new LeakyCell(3), goBackwards: true, name: "back")),
                (4, 2)).ThrowIfWrong();
    }

    [Test]
    public void A_model_with_the_cell_goes_through_json_and_files()
    {
        var model = new Sequential(
        [
            new Bidirectional(new RNN(new LeakyCell(3), returnSequences: true),
                backwardLayer: new RNN(new LeakyCell(2), returnSequences: true, goBackwards: true, name: "back"),
                inputShape: (10, 1)),
            new RNN(new StackedRNNCells([new LeakyCell(3), new ZoneoutCell(new LeakyCell(2))])),
            new Dense(1),
        ]);
        string json = model.ToJson();
        JToken cell = JToken.Parse(json)["config"]!["layers"]![1]!["config"]!["layer"]!["config"]!["cell"]!;
        Assert.That((double?)cell["config"]!["leak"], Is.EqualTo(0.3).Within(1e-7));
        Assert.That(((string?)cell["module"], (string?)cell["class_name"], (string?)cell["registered_name"]),
            Is.EqualTo(("custom", "LeakyCell", "LeakyCell")));
        Sequential again = Sequential.FromJson(json, custom: Custom);
        Assert.That(again.ToJson(), Is.EqualTo(json));

        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        Assert.That(Sequential.Load(stream, custom: Custom).Predict(X).Values, Is.EqualTo(model.Predict(X).Values));
    }

    [Test]
    public void Bidirectional_copies_a_cell_that_the_reader_knows()
    {
        JObject json = JObject.Parse(new Sequential(
            [new Bidirectional(new RNN(new LeakyCell(3)), backwardLayer: new RNN(new LeakyCell(3), goBackwards: true,
                name: "backward_rnn"), inputShape: (10, 1))]).ToJson());
        ((JObject)json["config"]!["layers"]![1]!["config"]!).Remove("backward_layer");
        Sequential model = Sequential.FromJson(json.ToString(), custom: Custom);
        Assert.That(((Bidirectional)model.Layers[0]).BackwardLayer.Cell, Is.TypeOf<LeakyCell>());
    }

    [Test]
    public void A_file_names_nothing_that_its_reader_does_not_know()
    {
        string json = new Sequential([new RNN(new LeakyCell(3), inputShape: (10, 1))]).ToJson();
        Assert.That(
            () => Sequential.FromJson(json),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
                "config.layers[1].config.cell.module: 'LeakyCell' is of the module 'custom', whose code is not in this "
                + "library. Say what reads it: custom: new CustomObjects().Add(\"LeakyCell\", …)."));
        Assert.That(
            () => Sequential.FromJson(json, custom: new CustomObjects().Add<RecurrentCell>("LeakCell", LeakyCell.Read)),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
                "config.layers[1].config.cell.module: 'LeakyCell' is of the module 'custom', whose code is not in this "
                + "library. What can be read beside the library's is LeakCell."));

        string withoutModule = json.Replace("\"custom\"", "\"keras.layers\"", StringComparison.Ordinal);
        Assert.That(
            () => Sequential.FromJson(withoutModule, custom: new CustomObjects().Add<RecurrentCell>("LeakCell", LeakyCell.Read)),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(
                "Unknown cell 'LeakyCell'. Did you mean 'LeakCell'? Valid names: LeakCell, ConvLSTM1DCell, CoupledLSTMCell, "
                + "GRUCell,"));
    }

    [Test]
    public void A_planted_error_is_found([Values(0.9f, 1.02f, -1f)] float factor)
    {
        GradientReport report = GradientCheck.Run(new RNN(new Wrong(factor), returnSequences: true), (4, 2));
        Assert.That(report.Passed, Is.False);
        Assert.That(
            report.Errors.Where(error => error.Error > report.Tolerance).Select(error => error.Name),
            Has.Member("rnn/wrong/recurrent_kernel").And.Member("initial state 'hidden'"));
        Assert.That(report.ThrowIfWrong, Throws.InvalidOperationException.With.Message.EqualTo(report.ToString()));
        Assert.That(report.ToString(),
            Does.StartWith("Gradients of RNN 'rnn' (batch, 4, 2)").And.Contain("\nWRONG  rnn/wrong/kernel"));
        Assert.That(GradientCheck.Run(new RNN(new Wrong(1), returnSequences: true), (4, 2)).Passed);
    }

    [Test]
    public void The_layers_of_the_library_pass()
    {
        foreach ((Layer layer, Shapes.Shape sample) in ((Layer, Shapes.Shape)[])
        [
            (new LSTM(3, returnSequences: true), (5, 2)),
            (new GRU(3), (5, 2)),
            (new SimpleRNN(3, goBackwards: true), (5, 2)),
            (new Bidirectional(new GRU(2), "mul"), (5, 2)),
            (new Dense(3, "gelu"), 4),
            (new TimeDistributed(new Dense(3)), (3, 2)),
        ])
        {
            GradientReport report = GradientCheck.Run(layer, sample, batch: 3);
            Assert.That(report.Passed, report.ToString());
            Assert.That(report.Errors.Max(error => error.Error), Is.InRange(0, report.Tolerance / 3),
                "there is room for other machines");
        }
    }

    [Test]
    public void The_weights_of_a_layer_in_a_model_stay()
    {
        var model = new Sequential([new GRU(3, inputShape: (5, 2))]);
        float[] before = [.. model.GetWeights().SelectMany(w => w.Values)];
        Assert.That(GradientCheck.Run(model.Layers[0], (5, 2)).Passed);
        Assert.That(model.GetWeights().SelectMany(w => w.Values), Is.EqualTo(before));
    }

    /// <summary>A plain recurrent cell whose gradient of the state is off by a factor.</summary>
    private sealed class Wrong(float factor) : GatedCell(3, 1)
    {
        public override string ClassName => "Wrong";

        public override void Forward(CellPass pass, int t)
        {
            var own = (GatedCellPass)pass;
            RecurrentKernel.Add(own.RecurrentInput(t), own.ZOf(t));
            Activation.Forward(own.ZOf(t).Values, pass.States[0].After(t).Values, Units);
        }

        public override void Backward(CellPass pass, int t)
        {
            var own = (GatedCellPass)pass;
            Span<float> dh = pass.StateGradients[0].Values;
            Span<float> z = own.ZOf(t).Values;
            Activation.Backward(z, pass.States[0].After(t).Values, dh, z, Units);
            RecurrentKernel.SetBack(own.ZOf(t), pass.StateGradients[0]);
            for (int i = 0; i < dh.Length; i++)
            {
                dh[i] *= factor;
            }
        }
    }
}
