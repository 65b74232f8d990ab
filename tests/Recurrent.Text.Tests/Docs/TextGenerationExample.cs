// <example>
using Recurrent.Optimizers;
using Recurrent.Text;

internal static class TextGenerationExample
{
    public static async Task<string> Run(string text, string other, string path)
    {
        var model = LanguageModel.Recurrent(CharacterTokenizer.Learn([text], SpecialTokens.None), units: 64);
        model.Compile(new Adam(0.01, globalClipNorm: 5));
        model.Fit(text, epochs: 3, batchSize: 16, steps: 40, verbose: 0);   // states go on from window to window
        LanguageScore score = model.Evaluate(other);                        // score.BitsPerCharacter, score.Perplexity

        string most = model.Generate("the ", new GreedyDecoding(maxLength: 40));
        string best = model.Generate("the ", new BeamSearch(width: 4, maxLength: 40));
        string written = score.Perplexity > 0 ? most + best : string.Empty;
        await foreach (string part in model.GenerateAsync("the ", new SamplingDecoding(temperature: 0.8, topP: 0.9, seed: 1)))
        {
            written += part;                                                // as it comes
        }

        TextGenerator writer = model.OpenGenerator();                       // reads and writes in turns, from a state
        writer.Read("the ");
        writer.Next();
        writer.Read("cat");

        model.Save(path);                                                   // tokenizer, layers, weights: one file
        return LanguageModel.Load(path).Generate("the ", new GreedyDecoding(maxLength: 40)) == most ? written : string.Empty;
    }
}
// </example>
