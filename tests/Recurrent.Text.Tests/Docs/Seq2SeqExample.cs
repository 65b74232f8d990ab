// <example>
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Text;

internal static class Seq2SeqExample
{
    public static string Run(string[] sources, string[] targets, string path)
    {
        var model = Seq2Seq.Recurrent(
            CharacterTokenizer.Learn(sources), CharacterTokenizer.Learn(targets), units: 32, embeddingDim: 16);
        model.Compile(new Adam(0.01, globalClipNorm: 1));
        model.Fit(sources, targets, epochs: 3, verbose: 0, teacherForcing: TeacherForcing.Linear(1, 0.8, updates: 1000));

        string answer = model.Translate("abc");                             // greedy
        IReadOnlyList<GeneratedText> best = model.TranslateAll(["abc"], new BeamSearch(width: 8, best: 3))[0];
        Alignment alignment = model.Align("abc");                           // alignment.Weights, (target, source)
        alignment.Draw(path + ".html");

        model.Save(path);                                                   // tokenizers, layers, weights: one file
        return Seq2Seq.Load(path).Translate("abc") == answer && best.Count == 3 ? answer : "another answer";
    }

    public static (Seq2Seq Any, Seq2Seq Transformer) Others(TextTokenizer words, TextTokenizer letters) => (
        new Seq2Seq(
            words,
            letters,
            encoder: [new Bidirectional(new GRU(32, returnSequences: true, returnState: true))],
            decoder: [new LSTM(48, returnSequences: true), new PeepholeLSTM(48, returnSequences: true)],
            attention: SequenceAttention.Bahdanau),
        Seq2Seq.Transformer(words, letters, features: 32, numHeads: 4, intermediateDim: 64, blocks: 2));

    public static IReadOnlyList<int> Own(Model writer, int start, int end)
    {
        // Any model whose steps take a token and give a score of each: the same decoders, and a constraint.
        var decoder = new SequenceDecoder(writer, endToken: end);
        var search = new BeamSearch(width: 4, maxLength: 20, allow: (sequence, soFar, token) => soFar.Length > 0 || token != end);
        return decoder.Decode([[start]], search)[0][0].Tokens;
    }
}
// </example>
