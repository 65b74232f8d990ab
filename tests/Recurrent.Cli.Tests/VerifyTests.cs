using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Cli.Tests;

/// <summary>Runs that are repeated by their receipts.</summary>
[TestFixture]
public sealed class VerifyTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("recurrent-verify-tests-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [TestCase("ets")]
    [TestCase("nlinear", "--set", "lookback=24")]
    [TestCase("arima", "--column", "passengers")]
    public void A_fit_is_repeated_to_the_bit(string method, params string[] more)
    {
        string model = Fit(method, more);
        (int code, string output, string error) = Run("verify", model, "--json");
        Assert.That(code, Is.Zero, output + error);
        using JsonDocument said = JsonDocument.Parse(output);
        Assert.Multiple(() =>
        {
            Assert.That(said.RootElement.GetProperty("same").GetBoolean());
            Assert.That(said.RootElement.GetProperty("repeated").GetBoolean());
            Assert.That(said.RootElement.GetProperty("differences").GetInt32(), Is.Zero);
            Assert.That(said.RootElement.GetProperty("instruction_set").GetString(), Does.Contain("bits"));
        });
    }

    [Test]
    public void What_was_changed_since_is_found()
    {
        string data = Path.Combine(folder, "air.csv");
        File.Copy(CommandTests.Air, data);
        string model = Fit("ets", [], data);
        string text = File.ReadAllText(model);
        File.WriteAllText(model, text.Replace("\"series\"", "\"series\" ", StringComparison.Ordinal));
        (int code, string output, string _) = Run("verify", model);
        Assert.That((code, output.Contains("changed since", StringComparison.Ordinal)), Is.EqualTo((1, true)), output);
        File.WriteAllText(model, text);
        Assert.That(Run("verify", model).Code, Is.Zero);

        string receipt = Receipt.PathFor(model);
        string receiptText = File.ReadAllText(receipt);
        Receipt read = Receipt.Load(receipt);
        File.WriteAllText(receipt, receiptText.Replace(read.WeightsHash, new string('0', 64), StringComparison.Ordinal));
        Assert.That(Run("verify", receipt).Code, Is.EqualTo(1));
        File.WriteAllText(receipt, receiptText);

        string moved = Path.Combine(folder, "moved.csv");
        File.Move(data, moved);
        (code, _, string error) = Run("verify", model);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("--data"));
        Assert.That(Run("verify", model, "--data", moved).Code, Is.Zero);
        File.AppendAllText(moved, "1961-01-01,500\n");
        (code, _, error) = Run("verify", model, "--data", moved);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("have changed"));
        File.Delete(receipt);
        Assert.That(Run("verify", model).Error, Does.Contain("no receipt"));
        File.WriteAllText(receipt, "{}");
        Assert.That(Run("verify", model).Code, Is.EqualTo(1));
    }

    [Test]
    public void A_programs_receipt_says_whether_its_run_came_out_the_same()
    {
        NDArray x = new([12, 3, 1], [.. Enumerable.Range(0, 36).Select(i => MathF.Sin(i))]);
        NDArray y = new([12, 1], [.. Enumerable.Range(0, 12).Select(i => MathF.Cos(i))]);
        Sequential Train(int seed = 3, int threads = 1)
        {
            var model = new Sequential([new LSTM(4, inputShape: (3, 1)), new Dropout(0.2), new Dense(1)], seed: seed)
            { MaxDegreeOfParallelism = threads };
            model.Compile("adam", "mse");
            model.Fit(x, y, epochs: 3, verbose: 0);
            return model;
        }

        Sequential trained = Train();
        string file = Path.Combine(folder, "model.json");
        trained.Save(file);
        Receipt.Of(trained, x, y).Save(Receipt.PathFor(file));
        Receipt receipt = Receipt.Load(Receipt.PathFor(file));
        ReceiptCheck same = receipt.Repeat(() => Receipt.Of(Train(threads: 3), x, y));
        ReceiptCheck other = receipt.Repeat(() => Receipt.Of(Train(seed: 4), x, y));
        NDArray changed = new([12, 1], [.. y.Values.Select((value, i) => i == 5 ? value + 1 : value)]);
        ReceiptCheck data = receipt.Compare(Receipt.Of(trained, x, changed));
        (int code, string output, string error) = Run("verify", file);
        Assert.Multiple(() =>
        {
            Assert.That(same.Same, same.ToString());
            Assert.That(same.Differences, Is.Empty);
            Assert.That(other.Same, Is.False);
            Assert.That(other.Differences.Select(each => each.What), Is.EquivalentTo(new[] { "seed", "weights" }));
            Assert.That(data.Differences.Select(each => each.What), Is.EqualTo(new[] { "data 2" }));
            Assert.That(receipt.Updates, Is.EqualTo(3));
            Assert.That(code, Is.Zero, output + error);
            Assert.That(output, Does.Contain("Receipt.Repeat"));
        });
        Train(seed: 9).Save(file);
        Assert.That(Run("verify", file).Code, Is.EqualTo(1));
    }

    private string Fit(string method, string[] more, string? data = null)
    {
        string model = Path.Combine(folder, "model.json");
        (int code, string output, string error) =
            Run(["fit", data ?? CommandTests.Air, "--method", method, "--out", model, "--json", .. more]);
        Assert.That(code, Is.Zero, output + error);
        Assert.That(File.Exists(Path.Combine(folder, "model.receipt.json")));
        return model;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = App.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
