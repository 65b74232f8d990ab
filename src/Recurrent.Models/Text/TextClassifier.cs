using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>A model that says of a text which of several classes it is of: texts in, names of classes out, in one file.</summary>
/// <remarks>
/// <para>
/// With a tokenizer the model reads ids, a sequence for each text; texts of like length are put together in batches, and the
/// steps that a text has not are masked, so that what comes out for one does not depend on the others. Without one the model
/// takes strings itself, as one does that begins with <c>TextVectorization</c>.
/// </para>
/// <para>
/// The model gives a probability for each class (<c>softmax</c>), or, for two classes, that of the second (<c>sigmoid</c>).
/// </para>
/// </remarks>
/// <example><code>
/// CharacterTokenizer tokenizer = CharacterTokenizer.Learn(texts);
/// var model = new Sequential([new Embedding(tokenizer.VocabularySize, 16), new GRU(32), new Dense(2, "softmax")]);
/// var classifier = new TextClassifier(model, ["ham", "spam"], tokenizer);
/// classifier.Fit(texts, labels, epochs: 5);
/// string label = classifier.Predict("Win a prize!");
/// classifier.Save("spam.json");
/// </code></example>
public sealed partial class TextClassifier
{
    private readonly string[] labels;
    private readonly Dictionary<string, int> places;

    /// <summary>Takes a model and the names of its classes.</summary>
    /// <param name="model">The model; where it is not compiled, training compiles it with adam.</param>
    /// <param name="labels">Names of the classes, in the order of the model's outputs.</param>
    /// <param name="tokenizer">Makes ids of texts; null (the default) for a model that takes strings.</param>
    /// <param name="maxLength">Most ids of a text, counted from its beginning; null (the default) for any number.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer than two classes, one comes twice, or the model's output is not one number for each.
    /// </exception>
    public TextClassifier(
        Model model, IReadOnlyList<string> labels, TextTokenizer? tokenizer = null, int? maxLength = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        this.labels = [.. labels];
        places = new(StringComparer.Ordinal);
        string? twice = Array.Find(this.labels, label => label is null || !places.TryAdd(label, places.Count));
        new OptionCheck(nameof(TextClassifier))
            .Require(this.labels.Length >= 2, "there must be at least two labels", nameof(labels))
            .Require(
                this.labels.Distinct().Count() == this.labels.Length && !this.labels.Contains(null!),
                $"labels must be names, each once, but there is '{twice}'",
                nameof(labels))
            .Require(
                maxLength is null or >= 1,
                FormattableString.Invariant($"maxLength must be at least 1, but is {maxLength}"),
                nameof(maxLength))
            .Require(
                maxLength is null || tokenizer is not null,
                "maxLength cuts ids, and there is no tokenizer: set outputSequenceLength of the model's TextVectorization",
                nameof(maxLength))
            .ThrowIfAny();
        Model = model;
        Tokenizer = tokenizer;
        MaxLength = maxLength;
        if (model.OutputShape is { } output)
        {
            RequireOutput(output);
        }
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>What makes ids of texts; null where the model takes strings.</summary>
    public TextTokenizer? Tokenizer { get; }

    /// <summary>Most ids of a text; null for any number.</summary>
    public int? MaxLength { get; }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Labels => labels;

    /// <summary>Trains the model.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="epochs">How often all texts are seen; default 1.</param>
    /// <param name="batchSize">Texts to an update; default 32.</param>
    /// <param name="validationTexts">
    /// Texts that are not trained on, to look at after each epoch; null (the default) for none.
    /// </param>
    /// <param name="validationLabels">The class of each of those.</param>
    /// <param name="verbose">What is shown meanwhile.</param>
    /// <param name="callbacks">What is told of the training; null (the default) for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <exception cref="ArgumentException">
    /// There are none, or not as many of both, a label is no class, or a text is empty; the message says which.
    /// </exception>
    public History Fit(
        IEnumerable<string> texts,
        IEnumerable<string> labels,
        int epochs = 1,
        int batchSize = 32,
        IEnumerable<string>? validationTexts = null,
        IEnumerable<string>? validationLabels = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        (ModelData x, ModelData y) = Data(texts, labels, nameof(texts), nameof(labels));
        ValidationData? validation = null;
        if (validationTexts is not null || validationLabels is not null)
        {
            (ModelData held, ModelData right) = Data(
                validationTexts!, validationLabels!, nameof(validationTexts), nameof(validationLabels));
            validation = new(held, right);
        }

        if (!Model.IsCompiled)
        {
            bool isSingle = Model.OutputShape is { } output
                ? output.Features == 1
                : Model.Layers is [.., Dense { Units: 1 }];
            Model.Compile(
                "adam", isSingle ? "binary_crossentropy" : "sparse_categorical_crossentropy", ["accuracy"]);
        }

        return Model.Fit(
            x,
            y,
            epochs,
            batchSize,
            validationData: validation,
            verbose: verbose,
            callbacks: callbacks,
            cancellationToken: cancellationToken);
    }

    /// <summary>The class of a text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text is empty, or no Unicode.</exception>
    public string Predict(string text) => Predict([text])[0];

    /// <summary>The class of each text.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="ArgumentException">There are none, or one is empty or no Unicode; the message says which.</exception>
    public string[] Predict(IEnumerable<string> texts)
    {
        NDArray scores = PredictProbabilities(texts);
        return [.. Enumerable.Range(0, scores.Shape[0]).Select(sample => labels[Best(scores, sample)])];
    }

    /// <summary>The probability of each class for each text.</summary>
    /// <param name="texts">The texts.</param>
    /// <returns>(texts, classes).</returns>
    /// <exception cref="ArgumentException">There are none, or one is empty or no Unicode; the message says which.</exception>
    public NDArray PredictProbabilities(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        string[] all = [.. texts];
        NDArray output = Tokenizer is null
            ? Model.Predict((StringArray)all)
            : Model.Predict((RaggedSequences)Ids(all, nameof(texts))).Stack();
        RequireOutput(new Shapes.Shape([.. output.Shape.Skip(1).Select(axis => (int?)axis)]));
        if (output.Shape[1] == labels.Length)
        {
            return output;
        }

        var both = new NDArray(output.Shape[0], 2);
        for (int i = 0; i < output.Shape[0]; i++)
        {
            both.Values[2 * i] = 1 - output.Values[i];
            both.Values[(2 * i) + 1] = output.Values[i];
        }

        return both;
    }

    /// <summary>How often texts of each class are taken for each.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">The class of each.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of both, or a label is no class.</exception>
    public ConfusionMatrix Evaluate(IEnumerable<string> texts, IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(texts);
        string[] all = [.. texts];
        int[] right = Places(labels, all.Length, nameof(labels));
        NDArray scores = PredictProbabilities(all);
        return ConfusionMatrix.Of(right, Enumerable.Range(0, all.Length).Select(sample => Best(scores, sample)), this.labels);
    }

    private static int Best(NDArray scores, int sample)
    {
        ReadOnlySpan<Real> row = scores.Values.AsSpan(sample * scores.Shape[1], scores.Shape[1]);
        return System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row);
    }

    private (ModelData X, ModelData Y) Data(
        IEnumerable<string> texts, IEnumerable<string> labels, string textsName, string labelsName)
    {
        ArgumentNullException.ThrowIfNull(texts, textsName);
        string[] all = [.. texts];
        int[] right = Places(labels, all.Length, labelsName);
        return (Tokenizer is null ? (StringArray)all : (RaggedSequences)Ids(all, textsName), right);
    }

    private int[][] Ids(string[] texts, string argument)
    {
        for (int i = 0; i < texts.Length; i++)
        {
            UnicodeText.Require(texts[i], i, argument);
        }

        int[][] ids = Tokenizer!.EncodeAll(texts);
        return MaxLength is not { } most ? ids : Array.ConvertAll(ids, row => row.Length <= most ? row : row[..most]);
    }

    private int[] Places(IEnumerable<string> given, int texts, string argument)
    {
        ArgumentNullException.ThrowIfNull(given, argument);
        string[] all = [.. given];
        ScoreText.RequireAlike(texts, all.Length, nameof(texts), argument);
        return [.. all.Select((label, sample) => label is not null && places.TryGetValue(label, out int place) ? place
            : throw new ArgumentException(FormattableString.Invariant($"The label of sample {sample} is '{label}', and there is ")
                + $"no such class. Classes are "
                + $"{string.Join(", ", labels.Take(20))}{(labels.Length > 20 ? ", …" : string.Empty)}.",
                argument))];
    }

    private void RequireOutput(Shapes.Shape output)
    {
        if (output.Rank != 1 || (output[0] != labels.Length && !(output[0] == 1 && labels.Length == 2)))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The model gives {output}, but there are {labels.Length} classes. End it with Dense({labels.Length}, ")
                + "\"softmax\"), or with one unit and \"sigmoid\" for two classes.");
        }
    }
}
