"""The admin, with the site that writes down what operators do."""

from django.contrib.admin.apps import AdminConfig


class Operations(AdminConfig):
    default_site = "analytics.admin_site.AuditedSite"
