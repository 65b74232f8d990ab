using System.Diagnostics;
using Recurrent.Callbacks;
using Recurrent.Optimizers;
using Recurrent.Text;

namespace Recurrent.Examples.TextGeneration;

/// <summary>The program: learn a text character by character, say how well it is known, and write on.</summary>
internal static class TextGenerationApp
{
    internal const string Help = """
        Learns a text character by character, states carried from window to window, says how many bits a character of the rest
        takes, and writes on: token by token as they come, and by other ways to choose them. The text that comes along is
        Shakespeare's.

          dotnet run -c Release --project examples/TextGeneration -- [options]

          --file PATH        a text of your own, UTF-8
          --letters N        how much of it is learned from        (1000000)
          --units N          units of the LSTM                     (128)
          --epochs N         how often the text is seen            (4)
          --tied YES         whether input and output share a table of embeddings: yes or no  (no)
          --prompt TEXT      what is written on from               (ROMEO:)
          --length N         how many characters are written       (400)
          --temperature N    in percent: above 100 bolder, below more careful  (80)
          --seed N           where all randomness comes from       (0)
          --out FOLDER       where the model goes                  (text-out)
          --quick            little text and few units, to see that it works
          --help             this text
        """;

    private const int Batch = 32;
    private const int Window = 50;

    private sealed record Options(
        string File, int Letters, int Units, int Epochs, bool Tied, string Prompt, int Length, double Temperature, int Seed,
        string Folder);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(
            args,
            ["--file", "--letters", "--units", "--epochs", "--tied", "--prompt", "--length", "--temperature", "--seed", "--out"],
            ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Text("--file", Path.Combine(AppContext.BaseDirectory, "data", "text", "tiny_shakespeare.txt")),
            line.Number("--letters", quick ? 40000 : 1000000, least: 10000),
            line.Number("--units", quick ? 48 : 128, least: 1, most: 2048),
            line.Number("--epochs", quick ? 2 : 4, least: 1),
            line.Choice("--tied", "no", "yes") == "yes",
            line.Text("--prompt", "ROMEO:"),
            line.Number("--length", quick ? 100 : 400, least: 1),
            line.Number("--temperature", 80, least: 1) / 100.0,
            line.Number("--seed", 0, least: 0),
            line.Text("--out", "text-out"));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        string text = TextFile.ReadAll(options.File);
        int learned = Math.Min(options.Letters, text.Length * 9 / 10);
        if (learned < 10 * Batch * Window)
        {
            throw new UsageException(
                $"'{options.File}' has {text.Length} characters; at least {12 * Batch * Window} are needed.");
        }

        string train = text[..learned];
        string test = text[learned..Math.Min(text.Length, learned + (learned / 10))];
        var tokenizer = CharacterTokenizer.Learn([text, options.Prompt], SpecialTokens.None);
        LanguageModel model = LanguageModel.Recurrent(
            tokenizer, options.Units, embeddingDim: 48, tied: options.Tied, seed: options.Seed);
        output.WriteLine($"{train.Length} characters to learn from, {test.Length} that follow to test on, "
            + $"{tokenizer.VocabularySize} different ones, {model.Model.ParameterCount} weights");

        int updates = options.Epochs * ((((train.Length - 1) / Batch) + Window - 1) / Window);
        model.Compile(new Adam(new CosineDecay(0.01, updates), globalClipNorm: 5));
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            History history = model.Fit(train, 1, Batch, Window, verbose: Verbosity.Silent);
            output.WriteLine(FormattableString.Invariant(
                $"  epoch {epoch}: {history.Metrics["loss"][^1] / Math.Log(2):0.000} bits a character in training"));
        }

        LanguageScore score = model.Evaluate(test);
        output.WriteLine(FormattableString.Invariant(
            $"On what follows: {score.BitsPerCharacter:0.000} bits a character, perplexity {score.Perplexity:0.00}"));
        output.WriteLine();

        var sampling = new SamplingDecoding(options.Temperature, seed: options.Seed, maxLength: options.Length);
        output.Write(options.Prompt);
        WriteAsync(model, options.Prompt, sampling, output).GetAwaiter().GetResult();
        output.WriteLine();
        output.WriteLine();
        foreach ((string name, Decoding how) in ((string, Decoding)[])[
            ("most likely", new GreedyDecoding(maxLength: 80)),
            ("beam of 4", new BeamSearch(4, maxLength: 80)),
            ("top 5", new SamplingDecoding(topK: 5, maxLength: 80, seed: options.Seed)),
            ("nucleus of 0.9", new SamplingDecoding(topP: 0.9, maxLength: 80, seed: options.Seed)),
            ("no repetition", new GreedyDecoding(maxLength: 80, repetitionPenalty: 1.3))])
        {
            output.WriteLine($"  {name,-16} {model.Generate(options.Prompt, how).ReplaceLineEndings("⏎")}");
        }

        TextGenerator writer = model.OpenGenerator(sampling);
        writer.Read(options.Prompt);
        const int Timed = 20000;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Timed; i++)
        {
            writer.NextToken();
        }

        output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"{Timed / clock.Elapsed.TotalSeconds:0} characters a second on one core"));
        Directory.CreateDirectory(options.Folder);
        string file = Path.Combine(options.Folder, "writer.json");
        model.Save(file);
        output.WriteLine($"The model with its tokenizer: {file}");
        output.WriteLine(FormattableString.Invariant($"Score: {score.BitsPerCharacter:0.000} bits a character."));
    }

    private static async Task WriteAsync(LanguageModel model, string prompt, Decoding how, TextWriter output)
    {
        await foreach (string part in model.GenerateAsync(prompt, how).ConfigureAwait(false))
        {
            await output.WriteAsync(part).ConfigureAwait(false);
        }
    }
}
