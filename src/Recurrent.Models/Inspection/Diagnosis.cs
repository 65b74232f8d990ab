using Recurrent.Registration;

namespace Recurrent.Inspection;

/// <summary>What is likely wrong with a model, its data or its training, with a line of advice for each finding.</summary>
/// <example><code>
/// Diagnosis diagnosis = model.Diagnose(x, y, validationSplit: 0.2);
/// Console.WriteLine(diagnosis);
/// diagnosis.Save("diagnosis.html");
/// </code></example>
public sealed class Diagnosis
{
    internal Diagnosis(string model, IReadOnlyList<Finding> findings, GradientFlow? gradientFlow)
    {
        Model = model;
        Findings = findings;
        GradientFlow = gradientFlow;
    }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>What was found; none where nothing is wrong that could be seen.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How much of the gradient reaches each step of each recurrent layer; null where there is no such layer.</summary>
    public GradientFlow? GradientFlow { get; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsHealthy => Findings.Count == 0;

    /// <summary>The findings of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public IReadOnlyList<Finding> Of(FindingKind kind) => [.. Findings.Where(finding => finding.Kind == kind)];

    /// <summary>Whether there is a finding of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public bool Has(FindingKind kind) => Findings.Any(finding => finding.Kind == kind);

    /// <summary>The findings as a page, with a picture of the gradients through time: HTML that needs nothing else.</summary>
    public string ToHtml() => DiagnosisPage.Write(this);

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => FilePath.Write(path, ToHtml());

    /// <summary>The findings, a line each.</summary>
    public override string ToString() => IsHealthy
        ? $"Nothing was found that is wrong with model '{Model}'."
        : string.Join(Environment.NewLine, Findings.Select(finding => $"{finding.Kind}: {finding}"));
}
